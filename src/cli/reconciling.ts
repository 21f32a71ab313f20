import { availableParallelism, totalmem } from "node:os";
import { type Command, InvalidArgumentError } from "commander";
import type { LifecycleEvent } from "../lifecycle/lifecycle.ts";
import { enginesAtOnce } from "../lifecycle/reconcile/worker-pool.ts";
import { parseCount } from "./durations.ts";
import type { Output } from "./output.ts";

export interface EnginesOption {
  readonly engines: number;
}

/** The option that `gc` and `watch` share. */
export function withEngines(command: Command): Command {
  return command.option(
    "--engines <n>",
    "how many engines run at once (default: by cores and memory)",
    parseEngines,
    enginesAtOnce(availableParallelism(), totalmem()),
  );
}

function parseEngines(text: string): number {
  const engines = parseCount(text);
  if (engines > 0) return engines;
  throw new InvalidArgumentError("at least one engine is needed");
}

/** Plain lines of several clusters at once: which operation begins, its steps, and what goes wrong. */
export function tellingSteps(output: Output): (cluster: string, event: LifecycleEvent) => void {
  return (cluster, event) => {
    if (event.type === "operation") output.note(`${cluster}: ${event.kind} ${event.id}`);
    if (event.type === "phase" && event.phase !== "started") output.note(`${cluster}: ${event.phase} ${event.name}`);
    if (event.type === "message" && event.severity !== "info") output.note(`${cluster}: ${event.text}`);
  };
}
