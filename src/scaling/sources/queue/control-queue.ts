import type { Control } from "../../../drivers/control/control.ts";
import { countTasks } from "../../../drivers/control/task-calls.ts";
import type { QueueReader } from "./queue-reader.ts";

/** Asks the cluster's supervisor, or its agent server, which knows the selectors of its agents. */
export function controlQueue(control: Control): QueueReader {
  return { name: "the control API", read: (_selectors, signal) => countTasks(control, signal) };
}
