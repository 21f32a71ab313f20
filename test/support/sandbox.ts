import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { removeSite } from "../../src/drivers/process/client.ts";
import { cacheFolder } from "../../src/stacks/engine/cache.ts";
import { packageRoot } from "../../src/stacks/project.ts";

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty home folder in which swarmctl runs as a process. */
export class Sandbox {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #children = new Set<ChildProcess>();

  /** @param variables added to the environment of the test */
  constructor(variables: NodeJS.ProcessEnv = {}) {
    this.home = realpathSync(mkdtempSync(join(tmpdir(), "swarm-test-")));
    this.env = {
      PATH: process.env.PATH,
      HOME: this.home,
      LANG: "C.UTF-8",
      // The engine is cached between tests.
      SWARM_CACHE: cacheFolder({ HOME: homedir(), ...process.env }),
      SWARM_ENGINE: process.env.SWARM_ENGINE,
      ...variables,
    };
  }

  get backend(): string {
    return join(this.home, ".swarmstack", "backend");
  }

  /** Writes a file into the home folder and returns its path. */
  write(name: string, text: string): string {
    const path = join(this.home, name);
    writeFileSync(path, text);
    return path;
  }

  read(name: string): string {
    return readFileSync(join(this.home, name), "utf8");
  }

  /** Starts swarmctl without waiting for it. */
  start(
    args: readonly string[],
    variables: NodeJS.ProcessEnv = {},
    stdin: "ignore" | "pipe" = "ignore",
  ): { child: ChildProcess; finished: Promise<Finished> } {
    const child = spawn(process.execPath, [join(packageRoot, "bin", "swarmctl.js"), ...args], {
      cwd: this.home,
      env: { ...this.env, ...variables },
      stdio: [stdin, "pipe", "pipe"],
    });
    this.#children.add(child);
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const finished = new Promise<Finished>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve({ status, stdout, stderr }));
    });
    return { child, finished };
  }

  run(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return this.start(args, variables).finished;
  }

  /** Runs a command that must succeed, and parses its JSON output. */
  async json<Value>(args: readonly string[]): Promise<Value> {
    const { status, stdout, stderr } = await this.run([...args, "--json"]);
    if (status !== 0) throw new Error(`swarmctl ${args.join(" ")}: status ${status}\n${stdout}\n${stderr}`);
    return JSON.parse(stdout) as Value;
  }

  /** Ends all processes of the test and removes the folder, also after a failure. */
  async dispose(): Promise<void> {
    for (const child of this.#children) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    const clusters = join(this.home, ".swarmstack", "clusters");
    for (const site of await readdir(clusters).catch(() => [])) await removeSite(join(clusters, site));
    await rm(this.home, { recursive: true, force: true });
  }
}

/** Waits until a condition returns a value other than undefined or false. */
export async function until<Value>(
  what: string,
  look: () => Promise<Value | undefined | false> | Value | undefined | false,
  deadlineMs = 30_000,
): Promise<Value> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await delay(50);
  }
}
