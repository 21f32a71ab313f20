import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type SerializedError, SwarmError } from "../errors.ts";
import type { LifecycleEvent, Performed } from "../lifecycle/lifecycle.ts";
import type { OperationRequest } from "../lifecycle/request.ts";
import type { Context } from "./context.ts";

/** What the process of an operation sends to the terminal that shows it. */
export type RunnerMessage =
  | { readonly type: "event"; readonly event: LifecycleEvent }
  | { readonly type: "result"; readonly result: Performed }
  | { readonly type: "error"; readonly error: SerializedError; readonly stack: string | undefined };

const runner = new URL(`./runner${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/**
 * Carries an order out in a session of its own, which the terminal only shows: Ctrl-C, and the end of the terminal, leave it
 * at work. SIGTERM, and Ctrl-C before it is in the journal, end it after its running step.
 *
 * @throws SwarmError as the order does
 */
export async function inBackground(
  request: OperationRequest,
  context: Context,
  onEvent: (event: LifecycleEvent) => void,
  onDetach: () => void,
): Promise<Performed> {
  const { output, signal, onInterrupt } = context;
  const child = fork(fileURLToPath(runner), [], {
    detached: true,
    execArgv: [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  let operation: string | undefined;
  const abort = () => void child.send({ type: "abort" });
  const leaveAlone = onInterrupt(() => {
    if (operation === undefined) return false;
    onDetach();
    output.note(`operation ${operation} goes on in the background`);
    output.note(`  ${output.style("dim", "follow it")}  swarmctl ops follow ${operation}`);
    output.note(`  ${output.style("dim", "or look  ")}  swarmctl ops show ${operation}`);
    process.exit(130);
  });
  signal.addEventListener("abort", abort, { once: true });
  try {
    child.send(request);
    return await new Promise<Performed>((resolve, reject) => {
      child.on("message", (message: RunnerMessage) => {
        if (message.type === "result") resolve(message.result);
        else if (message.type === "error") reject(restored(message));
        else {
          if (message.event.type === "operation") operation = message.event.id;
          onEvent(message.event);
        }
      });
      child.on("error", reject);
      // What it sent last is read before its channel counts as closed.
      child.on("disconnect", () => reject(ended(operation)));
    });
  } finally {
    signal.removeEventListener("abort", abort);
    leaveAlone();
  }
}

function restored({ error, stack }: Extract<RunnerMessage, { type: "error" }>): SwarmError {
  const cause = stack === undefined ? undefined : Object.assign(new Error(error.message), { stack });
  return new SwarmError(error.code, error.message, { hints: error.hints, values: error.values, cause });
}

function ended(operation: string | undefined): SwarmError {
  return new SwarmError("SW606", "the process of the operation ended early", {
    hints: operation === undefined ? [] : [`go on with it: swarmctl ops resume ${operation}`],
  });
}
