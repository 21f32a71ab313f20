import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process for good: its number alone is given to another one after its end. */
export interface ProcessIdentity {
  readonly pid: number;
  /** An opaque text: on Linux the boot's id and the clock ticks since boot, elsewhere what `ps -o lstart=` says. */
  readonly startTime: string;
}

/** The fields of /proc/PID/stat that we use (proc_pid_stat(5)). */
export interface ProcessStat {
  /** R, S, D, Z (zombie), T, X ... */
  readonly state: string;
  /** Number of its process group. */
  readonly group: number;
  readonly startTicks: string;
}

/** Parses /proc/PID/stat; the name of the program may hold spaces and parentheses. */
export function parseStat(text: string): ProcessStat | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  const group = Number(fields[2]);
  const startTicks = fields[19];
  if (state === undefined || startTicks === undefined || !Number.isInteger(group)) return undefined;
  return { state, group, startTicks };
}

/** The process group of a process; undefined when there is no such process, or no /proc. */
export function groupOf(pid: number): number | undefined {
  return readStat(pid)?.group;
}

/** The living process with this number; undefined when there is none. One that waits only to be reaped is dead. */
export function identify(pid: number): ProcessIdentity | undefined {
  const found = look(pid);
  return found?.dead === false ? found.identity : undefined;
}

/** As `identify`, but also for a child of ours that has ended already and was not reaped yet. */
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

/** Ticks count from boot, so the same pid and ticks may come again after the next one. */
function bootId(): string {
  boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "latin1").slice(0, 8);
  return boot;
}
