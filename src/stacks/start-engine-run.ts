import { SwarmError } from "../errors.ts";
import { callProcess, siblingModule } from "../platform/processes/channel.ts";
import type { Engine } from "./engine/index.ts";
import type { EngineRunChannel, EngineRunRequest, EngineRunResult } from "./engine-run.ts";
import type { EngineRunEvent } from "./events.ts";
import { prepareFolders } from "./prepare-operation.ts";
import { sessionVariable } from "./process-tree.ts";
import { pulumiEnvironment } from "./pulumi-environment.ts";
import type { Settings } from "./settings.ts";

export interface EngineRunOptions {
  readonly settings: Settings;
  readonly engine: Engine;
  readonly onEvent: (event: EngineRunEvent) => void;
  /** Stops the run after its current step; completed steps stay recorded. */
  readonly signal: AbortSignal;
}

const worker = siblingModule("worker", import.meta.url);

/**
 * Runs the engine once in a separate process session, which Ctrl-C in the terminal and a crash of this process do not
 * reach.
 *
 * @throws SwarmError of the run; SW604 if its process ends early
 */
export async function startEngineRun(request: EngineRunRequest, options: EngineRunOptions): Promise<EngineRunResult> {
  const { settings, engine, signal, onEvent } = options;
  prepareFolders(settings);
  const variables = await pulumiEnvironment(settings, engine, undefined, { stack: request.cluster });
  return callProcess<EngineRunChannel>(worker, request, {
    ...{ signal, onEvent, stderr: "read" },
    env: { ...settings.env, ...variables, [sessionVariable]: request.operation },
    onEarlyEnd: ({ reason, stderr }) =>
      new SwarmError("SW604", `the engine run's process ended early (${reason}) ${stderr}`.trimEnd()),
  });
}
