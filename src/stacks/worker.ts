import { toSwarmError } from "../errors.ts";
import { engineRunRequestSchema, type WorkerMessage } from "./engine-run.ts";
import { operationOf, operationVariable, stackVariable } from "./process-tree.ts";
import { stackMark } from "./recovery.ts";
import { runEngine } from "./run-engine.ts";
import { readSettings } from "./settings.ts";

/**
 * Entry of an operation's own process (one stack each: a stray rejection would fail every stack of its process). The
 * request comes as the first message; the process goes on to the end also when the one that asked is gone.
 */
const controller = new AbortController();
let begun = false;

function send(message: WorkerMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected !== true || process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

process.on("message", (message: unknown) => {
  if (begun) controller.abort();
  else {
    begun = true;
    void work(message);
  }
});
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => controller.abort());

async function work(message: unknown): Promise<void> {
  try {
    const request = engineRunRequestSchema.parse(message);
    process.env[operationVariable] = await operationOf(process.pid);
    process.env[stackVariable] = stackMark(readSettings().backend, request.cluster);
    const result = await runEngine(request, {
      signal: controller.signal,
      onEvent: (event) => void send({ type: "event", event }),
    });
    await send({ type: "result", result });
    process.exitCode = 0;
  } catch (thrown) {
    const error = toSwarmError(thrown);
    const cause = error.cause instanceof Error ? error.cause.stack : undefined;
    await send({ type: "error", error: error.toJSON(), stack: error.code === "SW900" ? cause : undefined });
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
}
