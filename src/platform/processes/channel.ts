import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fromSerialized, type SerializedError, type SwarmError, toSwarmError } from "../../errors.ts";
import { childEnvironment } from "../environment/child-environment.ts";
import { workingFolder } from "../folders.ts";

/** What the parent sends: the request first, then at most one abort. */
type ParentMessage<Request> = { readonly type: "request"; readonly request: Request } | { readonly type: "abort" };

/** What the child sends: any number of events, then a result or an error. */
type ChildMessage<Event, Result> =
  | { readonly type: "event"; readonly event: Event }
  | { readonly type: "result"; readonly result: Result }
  | { readonly type: "error"; readonly error: SerializedError; readonly stack: string | undefined };

/** One request that a child process carries out: the types of both ends. */
export interface ProcessChannel {
  readonly request: unknown;
  readonly event: unknown;
  readonly result: unknown;
}

/** How a child process ended without a result. */
export interface EarlyEnd {
  /** E.g. "SIGKILL", or "status 1". */
  readonly reason: string;
  /** The end of its stderr; empty unless it is read. */
  readonly stderr: string;
}

export interface CallOptions<Event> {
  /** Without what would break it: see `childEnvironment`. */
  readonly env?: NodeJS.ProcessEnv;
  /** "read": keep its end for the error of an early end. */
  readonly stderr: "read" | "ignore";
  readonly signal: AbortSignal;
  readonly onEvent: (event: Event) => void;
  readonly onEarlyEnd: (end: EarlyEnd) => SwarmError;
}

/**
 * Path of a module beside the caller, in source and in the build.
 *
 * @param name without an extension
 * @param base `import.meta.url` of the caller
 */
export function siblingModule(name: string, base: string): string {
  return fileURLToPath(new URL(`./${name}${base.endsWith(".ts") ? ".ts" : ".js"}`, base));
}

/**
 * Starts a module in a session of its own and sends it one request. The end of this process does not stop the child;
 * an abort of the signal tells it to stop after its current step.
 *
 * @throws SwarmError as the child's work does, or as `onEarlyEnd` returns
 */
export async function callProcess<Channel extends ProcessChannel>(
  module: string,
  request: Channel["request"],
  { env = process.env, stderr, signal, onEvent, onEarlyEnd }: CallOptions<Channel["event"]>,
): Promise<Channel["result"]> {
  const child = fork(module, [], {
    // A child cannot start in a working folder that was deleted.
    ...{ detached: true, env: childEnvironment(env), cwd: workingFolder() ?? "/", execArgv: [] },
    stdio: ["ignore", "ignore", stderr === "read" ? "pipe" : "ignore", "ipc"],
  });
  const send = (message: ParentMessage<Channel["request"]>) => void (child.connected && child.send(message));
  const abort = () => send({ type: "abort" });
  signal.addEventListener("abort", abort, { once: true });
  try {
    send({ type: "request", request });
    if (signal.aborted) abort();
    return await settled<Channel>(child, onEvent, onEarlyEnd);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function settled<Channel extends ProcessChannel>(
  child: ChildProcess,
  onEvent: (event: Channel["event"]) => void,
  onEarlyEnd: (end: EarlyEnd) => SwarmError,
): Promise<Channel["result"]> {
  return new Promise((resolve, reject) => {
    let stderr = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-4000);
    });
    child.on("message", (message: ChildMessage<Channel["event"], Channel["result"]>) => {
      if (message.type === "event") onEvent(message.event);
      else if (message.type === "result") resolve(message.result);
      else reject(restored(message));
    });
    child.on("error", reject);
    // The last messages are delivered before the channel closes, and may come after the exit.
    const exited = new Promise<string>((end) => {
      child.once("exit", (code, killer) => end(killer ?? `status ${code}`));
    });
    child.once("disconnect", () => {
      void exited.then((reason) => reject(onEarlyEnd({ reason, stderr: stderr.trim() })));
    });
  });
}

function restored({ error, stack }: Extract<ChildMessage<never, never>, { type: "error" }>): SwarmError {
  const cause = stack === undefined ? undefined : Object.assign(new Error(error.message), { stack });
  return fromSerialized(error, cause);
}

/** What the work of a child process is given. */
export interface ServeOptions<Event> {
  /** Aborted by a message of the parent, SIGTERM, SIGINT or SIGHUP. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: Event) => void;
}

/**
 * The child's end of `callProcess`: carries out the first message and exits with the status of its error. Work goes on
 * when the parent is gone.
 *
 * @param parse throws where the message is not a request
 */
export function serveProcess<Channel extends ProcessChannel, Request>(
  parse: (message: unknown) => Request,
  work: (request: Request, options: ServeOptions<Channel["event"]>) => Promise<Channel["result"]>,
): void {
  const controller = new AbortController();
  let isStarted = false;

  const send = (message: ChildMessage<Channel["event"], Channel["result"]>): Promise<void> =>
    new Promise((resolve) => {
      if (process.connected !== true || process.send === undefined) resolve();
      else process.send(message, undefined, undefined, () => resolve());
    });

  const run = async (message: unknown): Promise<void> => {
    try {
      const onEvent = (event: Channel["event"]) => void send({ type: "event", event });
      const result = await work(parse(message), { signal: controller.signal, onEvent });
      await send({ type: "result", result });
      process.exitCode = 0;
    } catch (thrown) {
      const error = toSwarmError(thrown);
      const cause = error.cause instanceof Error ? error.cause.stack : undefined;
      await send({ type: "error", error: error.toJSON(), stack: error.code === "SW900" ? cause : undefined });
      process.exitCode = error.exitStatus;
    }
    if (process.connected) process.disconnect();
  };

  process.on("message", (message: ParentMessage<unknown>) => {
    if (message.type === "abort") controller.abort();
    else if (!isStarted) {
      isStarted = true;
      void run(message.request);
    }
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => controller.abort());
}
