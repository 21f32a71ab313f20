import { PassThrough } from "node:stream";
import type { V1Status } from "@kubernetes/client-node";
import type { Client } from "../../control-plane/client.ts";
import { ApiFailure } from "../../control-plane/failure.ts";
import { SwarmError } from "../../errors.ts";
import type { Terminal } from "../attach.ts";
import type { RemoteStreams, RunningCommand } from "../running-command.ts";

export interface PodCommand extends RemoteStreams {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
}

/**
 * Runs a command in a container, like `kubectl exec`. The kubelet ends it when it is dropped.
 * @throws ApiFailure or SwarmError SW612 when it cannot be started.
 */
export async function runRemotely(client: Client, command: PodCommand): Promise<RunningCommand<V1Status>> {
  const { library, config } = await client.library();
  const { namespace, pod, container, stdin = null, stdout, stderr, terminal } = command;
  let tell: (status: V1Status | undefined) => void = () => {};
  const ended = new Promise<V1Status | undefined>((resolve) => {
    tell = resolve;
  });
  const exec = new library.Exec(config);
  // The library ends the streams that it receives; these keep the caller's open.
  const [out, err] = [new PassThrough(), new PassThrough()];
  const stopResizing = terminal && keepSize(out, terminal);
  out.pipe(stdout, { end: false });
  err.pipe(stderr, { end: false });
  const drained = Promise.all([out, err].map((stream) => new Promise<void>((done) => stream.once("end", done))));
  const socket = await exec
    .exec(
      namespace,
      pod,
      container,
      [...command.command],
      out,
      terminal ? null : err,
      stdin,
      terminal !== undefined,
      (status) => {
        void drained.then(() => tell(status));
      },
    )
    .catch(refused);
  const closed = () => {
    stopResizing?.();
    out.end();
    err.end();
    void drained.then(() => tell(undefined));
  };
  if (socket.readyState === socket.CLOSED) closed();
  else socket.onclose = closed;
  return { ended, drop: () => socket.terminate() };
}

/** Adds the properties of a terminal to a stream, so that the library sends its size, now and on each change. */
function keepSize(out: PassThrough, terminal: Terminal): () => void {
  Object.assign(out, terminal.size());
  return terminal.onResize(() => {
    Object.assign(out, terminal.size());
    out.emit("resize");
  });
}

/** The exit status of a command; undefined if it was not started. */
export function exitOf(status: V1Status | undefined): number | undefined {
  if (status?.status === "Success") return 0;
  const cause = status?.details?.causes?.find(({ reason }) => reason === "ExitCode");
  return cause?.message === undefined ? undefined : Number(cause.message);
}

/** A refused connection reports only its status. */
function refused(event: unknown): never {
  const words =
    typeof event === "object" && event !== null && "message" in event ? String(event.message) : String(event);
  const status = /Unexpected server response: (\d{3})/.exec(words)?.[1];
  if (status !== undefined) throw new ApiFailure(Number(status), words, event);
  throw new SwarmError("SW612", `the control plane does not answer: ${words}`, { cause: event });
}
