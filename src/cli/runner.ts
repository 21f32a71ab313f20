import { toSwarmError } from "../errors.ts";
import { operationRequestSchema, performRequest } from "../lifecycle/request.ts";
import { findEngine } from "../stacks/engine/index.ts";
import { readSettings } from "../stacks/settings.ts";
import type { RunnerMessage } from "./background.ts";

/**
 * Entry of the process that carries an operation out while a terminal shows it (background.ts). The order comes as the
 * first message, any other ends the operation after its running step; nothing happens when the terminal is gone.
 */
const controller = new AbortController();
let begun = false;

process.on("message", (message: unknown) => {
  if (begun) controller.abort();
  else void work(message);
  begun = true;
});
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => controller.abort());

async function work(message: unknown): Promise<void> {
  try {
    const { signal } = controller;
    const request = operationRequestSchema.parse(message);
    const settings = readSettings();
    const engine = await findEngine({ env: settings.env, signal });
    const onEvent = (event: Extract<RunnerMessage, { type: "event" }>["event"]) => void send({ type: "event", event });
    const result = await performRequest({ settings, engine, signal, onEvent }, request);
    await send({ type: "result", result });
  } catch (thrown) {
    const error = toSwarmError(thrown);
    const cause = error.cause instanceof Error ? error.cause.stack : undefined;
    await send({ type: "error", error: error.toJSON(), stack: error.code === "SW900" ? cause : undefined });
    process.exitCode = error.exitStatus;
  }
  if (process.connected) process.disconnect();
}

function send(message: RunnerMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected !== true || process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}
