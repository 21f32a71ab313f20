import { availableParallelism, totalmem } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { LifecycleEvent } from "../lifecycle/lifecycle.ts";
import { enginesAtOnce } from "../lifecycle/reconcile/worker-pool.ts";
import { parseCount } from "./durations.ts";
import type { Output } from "./output.ts";

export interface EnginesOption {
  readonly engines: number;
}

/** Adds the `--engines` option of `gc` and `watch`. */
export function withEngines(command: Command): Command {
  return command.addOption(
    new Option("--engines <n>", "maximum number of concurrent engines")
      .argParser(parseEngines)
      .default(enginesAtOnce(availableParallelism(), totalmem()), "by cores and memory"),
  );
}

function parseEngines(text: string): number {
  const engines = parseCount(text);
  if (engines > 0) return engines;
  throw new InvalidArgumentError("must be at least 1");
}

/** Returns an event handler that prints operations, steps and warnings of several clusters as plain lines. */
export function tellingSteps(output: Output): (cluster: string, event: LifecycleEvent) => void {
  return (cluster, event) => {
    if (event.type === "operation") output.note(`${cluster}: ${event.kind} ${event.id}`);
    if (event.type === "phase" && event.phase !== "started") output.note(`${cluster}: ${event.phase} ${event.name}`);
    if (event.type === "message" && event.severity !== "info") output.note(`${cluster}: ${event.text}`);
  };
}
