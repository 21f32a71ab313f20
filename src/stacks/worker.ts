import { serveProcess } from "../platform/processes/channel.ts";
import { type EngineRunChannel, engineRunRequestSchema } from "./engine-run.ts";
import { operationOf, operationVariable, stackVariable } from "./process-tree.ts";
import { stackMark } from "./recovery.ts";
import { runEngine } from "./run-engine.ts";
import { readSettings } from "./settings.ts";

/**
 * Entry point of the process of one engine run. Each run has its own process, as an unhandled rejection fails every stack
 * in its process.
 */
serveProcess<EngineRunChannel, ReturnType<typeof engineRunRequestSchema.parse>>(
  (message) => engineRunRequestSchema.parse(message),
  async (request, options) => {
    process.env[operationVariable] = await operationOf(process.pid);
    process.env[stackVariable] = stackMark(readSettings().backend, request.cluster);
    return runEngine(request, options);
  },
);
