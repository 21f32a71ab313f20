import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fromSerialized, SwarmError } from "../errors.ts";
import type { Engine } from "./engine/index.ts";
import type { ControlMessage, EngineRunRequest, EngineRunResult, WorkerMessage } from "./engine-run.ts";
import type { EngineRunEvent } from "./events.ts";
import { sessionVariable } from "./process-tree.ts";
import { pulumiEnvironment } from "./pulumi-environment.ts";
import type { Settings } from "./settings.ts";

export interface EngineRunOptions {
  readonly settings: Settings;
  readonly engine: Engine;
  readonly onEvent: (event: EngineRunEvent) => void;
  /** Ends the operation after the running step; what had ended is recorded. */
  readonly signal: AbortSignal;
}

const worker = new URL(`./worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/**
 * Runs one operation of the engine in a process session of its own, so that a Ctrl-C of the terminal reaches us and not
 * the engine, and a crash of ours does not stop it half-way.
 *
 * @throws SwarmError whatever ended the operation
 */
export async function startEngineRun(request: EngineRunRequest, options: EngineRunOptions): Promise<EngineRunResult> {
  const { settings, engine, signal } = options;
  const variables = await pulumiEnvironment(settings, engine, undefined, request.cluster);
  const child = fork(fileURLToPath(worker), [], {
    detached: true,
    env: { ...settings.env, ...variables, [sessionVariable]: request.operation },
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const abort = () => void child.send({ type: "abort" } satisfies ControlMessage);
  signal.addEventListener("abort", abort, { once: true });
  try {
    child.send(request);
    return await settled(child, options.onEvent);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function settled(child: ChildProcess, onEvent: (event: EngineRunEvent) => void): Promise<EngineRunResult> {
  return new Promise((resolve, reject) => {
    let stderr = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-4000);
    });
    child.on("message", (message: WorkerMessage) => {
      if (message.type === "event") onEvent(message.event);
      else if (message.type === "result") resolve(message.result);
      else reject(restore(message));
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      reject(
        new SwarmError("SW604", `the operation's process ended early (${signal ?? `status ${code}`}) ${stderr.trim()}`),
      );
    });
  });
}

function restore({ error, stack }: Extract<WorkerMessage, { type: "error" }>): SwarmError {
  const restored = fromSerialized(error);
  if (stack !== undefined) restored.stack = stack;
  return restored;
}
