import type { ProcessSample } from "../../agent-api/health/usage.ts";

/** USER_HZ of proc_pid_stat(5): 100 on every architecture that Node runs on. */
const tickMs = 10;

/** /proc/PID/stat; undefined when the text is none. The name of the program may hold spaces and parentheses. */
export function parseProcStat(text: string, pageBytes: number): ProcessSample | undefined {
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [session, utime, stime, cutime, cstime, rss] = [3, 11, 12, 13, 14, 21].map((index) => Number(fields[index]));
  if (session === undefined || utime === undefined || stime === undefined) return undefined;
  if (cutime === undefined || cstime === undefined || rss === undefined) return undefined;
  const cpuMs = (utime + stime + cutime + cstime) * tickMs;
  const sample = { pid, leader: session, cpuMs, memoryBytes: Math.max(0, rss) * pageBytes };
  return Object.values(sample).every(Number.isFinite) ? sample : undefined;
}

/** The output of `ps -A -o pid=,pgid=,time=,rss=`; rss in KiB, time as `[[dd-]hh:]mm:ss[.cc]`. */
export function parsePs(text: string): ProcessSample[] {
  return text.split("\n").flatMap((line) => {
    const [pid, group, time, rss] = line.trim().split(/\s+/);
    if (time === undefined || rss === undefined) return [];
    return [{ pid: Number(pid), leader: Number(group), cpuMs: parseTime(time), memoryBytes: Number(rss) * 1024 }];
  });
}

function parseTime(text: string): number {
  const [clock = "", days = "0"] = text.split("-").reverse();
  const seconds = clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
}
