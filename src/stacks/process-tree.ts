import { readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Variable that marks every process of an engine run, as the engine passes its environment on to its plugins. The value
 * names the leader (the process that started the engine), so that any process can check whether it is still running.
 */
export const operationVariable = "SWARM_OPERATION";
export const stackVariable = "SWARM_STACK";
/** Variable with the journal operation that a process works for, set from its start. */
export const sessionVariable = "SWARM_SESSION";

/** Identity of a process: a PID alone may have been reused. */
export interface SessionProcess {
  readonly pid: number;
  /** Start of the process in milliseconds since the epoch, to about 10 ms; shifts when the clock is set. 0: unknown. */
  readonly startedAtMs: number;
  /** Start in kernel ticks since boot: never changes. */
  readonly startTicks: string;
}

/** The running process with this PID; undefined if there is none. Without /proc its start is unknown. */
export async function identify(pid: number): Promise<SessionProcess | undefined> {
  const [stat, kernel] = await Promise.all([read(`/proc/${pid}/stat`), read("/proc/stat")]);
  if (kernel === undefined) return answers(pid) ? { pid, startedAtMs: 0, startTicks: "" } : undefined;
  const bootSeconds = /^btime (\d+)$/m.exec(kernel)?.[1];
  // The command (field 2) may contain spaces and brackets, so fields are counted from its end. Field 22 is the start in ticks.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields?.[19];
  if (bootSeconds === undefined || ticks === undefined || fields?.[0] === "Z") return undefined;
  return { pid, startedAtMs: Number(bootSeconds) * 1000 + Number(ticks) * 10, startTicks: ticks };
}

/** The mark of an engine run that this process leads. */
export async function operationOf(pid: number): Promise<string> {
  const leader = await identify(pid);
  return `${pid}.${leader?.startTicks ?? ""}`;
}

/** Whether the leader of a marked engine run is still running. */
async function isAlive(operation: string): Promise<boolean> {
  const [pid, startTicks] = operation.split(".");
  return (await identify(Number(pid)))?.startTicks === startTicks;
}

interface MarkedProcess {
  readonly pid: number;
  readonly operation: string;
  readonly stack: string;
  readonly session: string | undefined;
}

/** All running processes marked with an engine run or a session, except this one. */
async function markedProcesses(): Promise<MarkedProcess[]> {
  const entries = await readdir("/proc").catch(() => []);
  const found: MarkedProcess[] = [];
  for (const entry of entries) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const environment = (await read(`/proc/${entry}/environ`))?.split("\0") ?? [];
    const operation = variable(environment, operationVariable);
    const stack = variable(environment, stackVariable);
    const session = variable(environment, sessionVariable);
    if ((operation === undefined || stack === undefined) && session === undefined) continue;
    found.push({ pid: Number(entry), operation: operation ?? "", stack: stack ?? "", session });
  }
  return found;
}

/**
 * Kills the processes of engine runs on a stack whose leader has ended: plugins outlive a killed engine and would finish
 * work that no state records. Sends SIGKILL, as no process is left to record a graceful end.
 *
 * @returns the number of processes ended
 */
export async function endOrphans(stack: string): Promise<number> {
  return endWhile(async (marked) => marked.stack === stack && !(await isAlive(marked.operation)));
}

/** Ends the remaining processes of an engine run except this one; its leader calls it after the engine has exited. */
export async function endOperation(operation: string): Promise<number> {
  return endWhile(async (marked) => operation !== "" && marked.operation === operation);
}

/** Ends all processes that work for a journal operation; a process that takes it over does so first. */
export async function endSession(session: string): Promise<number> {
  return endWhile(async (marked) => marked.session === session);
}

async function endWhile(isLeft: (marked: MarkedProcess) => Promise<boolean>, deadlineMs = 5000): Promise<number> {
  const ended = new Set<number>();
  const until = performance.now() + deadlineMs;
  for (;;) {
    const left: number[] = [];
    for (const marked of await markedProcesses()) if (await isLeft(marked)) left.push(marked.pid);
    if (left.length === 0 || performance.now() > until) return ended.size;
    for (const pid of left) {
      ended.add(pid);
      kill(pid);
    }
    await delay(20);
  }
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has exited already.
  }
}

function variable(environment: readonly string[], name: string): string | undefined {
  return environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

function read(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}
