import { randomUUID } from "node:crypto";
import type Docker from "dockerode";
import { poll } from "../../platform/wait.ts";
import type { Terminal } from "../attach.ts";
import type { RemoteStreams, RunningCommand } from "../running-command.ts";

export interface ContainerCommand extends RemoteStreams {
  readonly command: readonly string[];
}

const markVariable = "SWARM_EXEC";
const endedWithinMs = 5_000;

/** Kills a command by a variable in its environment, as docker does not end a command whose caller has disconnected. */
const killMarked =
  'for p in /proc/[0-9]*; do if grep -q "$0" "$p/environ" 2>/dev/null; then kill -9 "$(basename "$p")"; fi; done';

/** Runs a command in a container, like `docker exec`. Dropping it kills all its processes. */
export async function runRemotely(
  container: Docker.Container,
  remote: ContainerCommand,
): Promise<RunningCommand<number>> {
  const { command, stdin, stdout, stderr, terminal } = remote;
  const mark = `${markVariable}=${randomUUID()}`;
  const attached = { AttachStdin: stdin !== undefined, AttachStdout: true, AttachStderr: true };
  const Tty = terminal !== undefined;
  const Env = [mark, ...(Tty ? [`TERM=${process.env.TERM ?? "xterm"}`] : [])];
  const exec = await container.exec({ Cmd: [...command], Env, Tty, ...attached });
  const stream = await exec.start({ hijack: true, stdin: stdin !== undefined, Tty });
  if (Tty) stream.pipe(stdout, { end: false });
  else container.modem.demuxStream(stream, stdout, stderr);
  const stopResizing = terminal && keepSize(exec, terminal);
  const ended = new Promise<void>((done) => {
    for (const ending of ["end", "close", "error"]) stream.once(ending, () => done());
  }).then(() => {
    stopResizing?.();
    return exitOf(exec);
  });
  stdin?.pipe(stream);
  let dropped = false;
  return {
    ended,
    drop() {
      if (dropped) return;
      dropped = true;
      stream.destroy();
      void endMarked(container, exec, mark).catch(() => {});
    },
  };
}

/** Keeps the size of the remote terminal equal to the caller's. */
function keepSize(exec: Docker.Exec, terminal: Terminal): () => void {
  const resize = () => {
    const { columns, rows } = terminal.size();
    exec.resize({ w: columns, h: rows }).catch(() => {});
  };
  resize();
  return terminal.onResize(resize);
}

/** The daemon reports the exit code shortly after the end of the output. */
async function exitOf(exec: Docker.Exec): Promise<number | undefined> {
  const ended = async () => {
    const { Running, ExitCode } = await exec.inspect();
    return Running ? undefined : (ExitCode ?? undefined);
  };
  return poll(() => ended().catch(() => undefined), { deadlineMs: endedWithinMs });
}

async function endMarked(container: Docker.Container, exec: Docker.Exec, mark: string): Promise<void> {
  if (!(await exec.inspect()).Running) return;
  const killer = await container.exec({ Cmd: ["sh", "-c", killMarked, mark], AttachStdout: true });
  (await killer.start({})).resume();
}
