import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Unique identity of a process, since pids are reused. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: on Linux the boot id and the clock ticks since boot, elsewhere the output of `ps -o lstart=`. */
  readonly startTime: string;
}

/** The fields of /proc/PID/stat in use (proc_pid_stat(5)). */
export interface ProcessStat {
  /** R, S, D, Z (zombie), T, X ... */
  readonly state: string;
  /** Its process group. */
  readonly group: number;
  readonly startTicks: string;
}

/** Parses /proc/PID/stat; the name of the program may contain spaces and parentheses. */
export function parseStat(text: string): ProcessStat | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  const group = Number(fields[2]);
  const startTicks = fields[19];
  if (state === undefined || startTicks === undefined || !Number.isInteger(group)) return undefined;
  return { state, group, startTicks };
}

/** The process group of a process; undefined without such a process or without /proc. */
export function groupOf(pid: number): number | undefined {
  return readStat(pid)?.group;
}

/** The running process with this pid; undefined when there is none. A zombie does not count. */
export function identify(pid: number): ProcessIdentity | undefined {
  const found = look(pid);
  return found?.dead === false ? found.identity : undefined;
}

/** Like `identify`, but also for an ended child of this process that is not reaped yet. */
export function identifyChild(pid: number): ProcessIdentity | undefined {
  return look(pid)?.identity;
}

interface Look {
  readonly identity: ProcessIdentity;
  readonly dead: boolean;
}

function look(pid: number): Look | undefined {
  return process.platform === "linux" ? lookInProc(pid) : lookByPs(pid);
}

function lookInProc(pid: number): Look | undefined {
  const stat = readStat(pid);
  if (!stat) return undefined;
  const dead = stat.state === "Z" || stat.state === "X" || stat.state === "x";
  return { identity: { pid, startTime: `${bootId()}:${stat.startTicks}` }, dead };
}

function readStat(pid: number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return undefined;
  }
}

function lookByPs(pid: number): Look | undefined {
  try {
    const environment = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    const line = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: environment,
    });
    const [state, ...startTime] = line.trim().split(/\s+/);
    if (state === undefined || startTime.length === 0) return undefined;
    return { identity: { pid, startTime: startTime.join(" ") }, dead: state.startsWith("Z") };
  } catch {
    return undefined;
  }
}

let boot: string | undefined;

/** The boot id. Ticks count from boot, so the same pid and ticks may recur after a reboot. */
function bootId(): string {
  boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "latin1").slice(0, 8);
  return boot;
}
