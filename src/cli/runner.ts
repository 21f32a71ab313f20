import { operationRequestSchema, performRequest } from "../lifecycle/request.ts";
import { serveProcess } from "../platform/processes/channel.ts";
import { findEngine } from "../stacks/engine/index.ts";
import { readSettings } from "../stacks/settings.ts";
import type { OperationChannel } from "./background.ts";

/** Entry of the process that performs an operation while a command shows it (background.ts). */
serveProcess<OperationChannel, ReturnType<typeof operationRequestSchema.parse>>(
  (message) => operationRequestSchema.parse(message),
  async (request, { signal, onEvent }) => {
    const settings = readSettings();
    const engine = await findEngine({ env: settings.env, signal });
    return performRequest({ settings, engine, signal, onEvent }, request);
  },
);
