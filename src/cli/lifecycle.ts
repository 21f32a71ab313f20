import type { Command } from "commander";
import type { Performed } from "../lifecycle/lifecycle.ts";
import type { OperationRequest } from "../lifecycle/request.ts";
import { inBackground } from "./background.ts";
import type { Context } from "./context.ts";
import { parseDuration } from "./durations.ts";
import { duration, summarise } from "./output.ts";
import { showProgress } from "./progress.ts";

/** Performs a request and shows its progress; on a terminal, in a process that outlives the terminal. */
export async function showing(context: Context, request: OperationRequest): Promise<Performed> {
  const { output, settings, signal } = context;
  const engine = await context.engine();
  output.note(output.style("dim", `engine ${engine.version} (${engine.origin}: ${engine.why})`));
  const progress = showProgress(output);
  try {
    if (output.terminal) return await inBackground(request, context, progress.onEvent, progress.end);
    // Loaded here: on a terminal the other process performs it.
    const { performRequest } = await import("../lifecycle/request.ts");
    return await performRequest({ settings, engine, signal, onEvent: progress.onEvent }, request);
  } finally {
    progress.end();
  }
}

/** Prints the result of an operation. */
export function report({ output }: Context, result: Performed): void {
  if (output.json) {
    output.event({ type: "result", ...result });
    return;
  }
  const did = summarise(result.changes);
  const words = /created|updated|replaced|deleted/.test(did) ? did : "no change";
  const line = `${output.style("bold", result.cluster)}: ${result.status}, ${words}`;
  output.note(`${line}  ${output.style("dim", duration(result.durationMs))}`);
}

/** Adds the `--wait` option of commands that change a cluster. */
export function withWait(command: Command): Command {
  return command.option(
    "--wait <duration>",
    "how long to wait for another operation on this cluster (30s, 5m)",
    parseDuration,
  );
}
