import type { Command } from "commander";
import type { Performed } from "../lifecycle/lifecycle.ts";
import { type OperationRequest, performRequest } from "../lifecycle/request.ts";
import { inBackground } from "./background.ts";
import { type Context, requireEngine } from "./context.ts";
import { parseDuration } from "./durations.ts";
import { withoutStack } from "./embedded.ts";
import { duration, summarise } from "./output.ts";
import { showProgress } from "./progress.ts";

/** Carries an order out and shows the way there; on a terminal it goes on when the terminal is left. */
export async function showing(context: Context, request: OperationRequest): Promise<Performed> {
  const { output, settings, signal } = context;
  const engine = await requireEngine(context);
  output.note(output.style("dim", `engine ${engine.version} (${engine.origin}: ${engine.why})`));
  const progress = showProgress(output);
  try {
    if (!output.terminal) return await performRequest({ settings, engine, signal, onEvent: progress.onEvent }, request);
    return await inBackground(request, context, progress.onEvent, progress.end);
  } finally {
    progress.end();
  }
}

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

/** The option that all changing commands share. */
export function withWait(command: Command): Command {
  return withoutStack(command).option(
    "--wait <duration>",
    "wait so long for another operation on this cluster (30s, 5m)",
    parseDuration,
  );
}
