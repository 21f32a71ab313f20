import { randomUUID } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import type Docker from "dockerode";
import { poll } from "../../platform/wait.ts";
import type { RunningCommand } from "../running-command.ts";

export interface ContainerCommand {
  readonly command: readonly string[];
  readonly stdin?: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

const markVariable = "SWARM_EXEC";
const endedWithinMs = 5_000;

/** Docker ends no command whose caller has gone: what it runs is known by its environment. */
const killMarked =
  'for p in /proc/[0-9]*; do if grep -q "$0" "$p/environ" 2>/dev/null; then kill -9 "$(basename "$p")"; fi; done';

/** Runs a command in a container, as `docker exec` does, until its exit status. Dropped, it ends with all that it has started. */
export async function runRemotely(
  container: Docker.Container,
  remote: ContainerCommand,
): Promise<RunningCommand<number>> {
  const { command, stdin, stdout, stderr } = remote;
  const mark = `${markVariable}=${randomUUID()}`;
  const attached = { AttachStdin: stdin !== undefined, AttachStdout: true, AttachStderr: true };
  const exec = await container.exec({ Cmd: [...command], Env: [mark], ...attached });
  const stream = await exec.start({ hijack: true, stdin: stdin !== undefined });
  container.modem.demuxStream(stream, stdout, stderr);
  const ended = new Promise<void>((done) => {
    for (const ending of ["end", "close", "error"]) stream.once(ending, () => done());
  }).then(() => exitOf(exec));
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

/** The daemon tells of the end a moment after the last words. */
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
