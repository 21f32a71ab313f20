import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

/**
 * Starts named programs as their parent, until its standard input ends, which happens with the process at the other
 * end, also after SIGKILL. Then it kills all programs, also paused ones, and removes the folder.
 */
const keeper = `
cd "$1" || exit 1
while read -r name; do
  : >"alive/$name"
  (
    "./run/$name" >>"log/$name" 2>&1 </dev/null &
    echo $! >"pid/$name"
    wait $!
    rm -f "pid/$name" "alive/$name"
    echo "$name"
  ) &
done
while ls alive/* >/dev/null 2>&1; do
  for file in pid/*; do kill -KILL "$(cat "$file")"; done
  sleep 0.02
done 2>/dev/null
wait
rm -rf "$1"
`;

export interface Program {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Programs that run in one folder and end with this process at the latest. */
export interface Keeper {
  /** Starts a program, also after it has ended. Its output is appended to `log/NAME`. */
  start(name: string, program: Program): void;
  /** False when the program is not running. */
  signal(name: string, signal: NodeJS.Signals): boolean;
  /** Whether all its threads are stopped: SIGSTOP reaches them one after another. */
  stands(name: string): boolean;
  runs(name: string): boolean;
  /** Waits until a program has ended. */
  ended(name: string): Promise<void>;
  /** The last lines of a program's log. */
  log(name: string): string;
  /** Kills all programs and removes the folder. */
  close(): Promise<void>;
}

export function startKeeper(folder: string): Keeper {
  for (const name of ["run", "log", "pid", "alive"]) mkdirSync(join(folder, name), { recursive: true });
  const child = spawn("sh", ["-c", keeper, "keeper", folder], { detached: true, stdio: ["pipe", "pipe", "ignore"] });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const running = new Map<string, { readonly ended: Promise<void>; end(): void }>();
  createInterface({ input: child.stdout }).on("line", (name) => {
    running.get(name)?.end();
    running.delete(name);
  });
  // The programs do not keep their starter's event loop alive.
  child.unref();
  for (const stream of [child.stdin, child.stdout]) if (stream instanceof Socket) stream.unref();

  function pidOf(name: string): number | undefined {
    try {
      return Number(readFileSync(join(folder, "pid", name), "utf8")) || undefined;
    } catch {
      return undefined;
    }
  }

  return {
    start(name, { command, env = {} }) {
      const variables = Object.entries(env).map(([key, value]) => `export ${key}=${quote(value)}\n`);
      const script = `#!/bin/sh\n${variables.join("")}exec ${command.map(quote).join(" ")}\n`;
      writeFileSync(join(folder, "run", name), script, { mode: 0o700 });
      const { promise, resolve } = Promise.withResolvers<void>();
      running.set(name, { ended: promise, end: resolve });
      child.stdin.write(`${name}\n`);
    },
    signal(name, signal) {
      const pid = pidOf(name);
      if (pid === undefined) return false;
      process.kill(pid, signal);
      return true;
    },
    stands(name) {
      const pid = pidOf(name);
      return pid !== undefined && threadStates(pid).every((state) => state === "T");
    },
    runs: (name) => running.has(name),
    async ended(name) {
      child.ref();
      await running.get(name)?.ended;
      child.unref();
    },
    log(name) {
      try {
        return readFileSync(join(folder, "log", name), "utf8").slice(-3_000);
      } catch {
        return "";
      }
    },
    async close() {
      child.ref();
      child.stdin.end();
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** One letter for each thread (proc_pid_stat(5)). */
function threadStates(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
    return stat.charAt(stat.lastIndexOf(")") + 2);
  });
}
