import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../src/stacks/project.ts";
import type { Finished, Sandbox } from "../support/sandbox.ts";

const run = promisify(execFile);

/** The version before the rooms and words of this one: what it has left, and what of it runs, has to be driven on. */
export const previousCommit = "2acb04f1876ed17358ba20f413ef8363709288c0";

/** A checkout of an earlier version, built with the packages of this one. */
export interface PreviousVersion {
  readonly root: string;
  /** Its `swarmctl`, in the home folder of a sandbox. */
  swarmctl(sandbox: Sandbox, ...args: string[]): Promise<Finished>;
  /** A script of it, run by the Node.js of this process. */
  script(
    sandbox: Sandbox,
    path: string,
    ...args: string[]
  ): Promise<{ readonly signal: NodeJS.Signals | null; readonly stderr: string }>;
  remove(): void;
}

/** @returns why it cannot be had, where the repository has no such commit */
export async function buildPrevious(commit: string): Promise<PreviousVersion | { readonly unavailable: string }> {
  try {
    await run("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: packageRoot });
  } catch {
    return { unavailable: `the history of this checkout has no commit ${commit}` };
  }
  const root = mkdtempSync(join(tmpdir(), "swarm-previous-"));
  const archive = join(root, "archive.tar");
  await run("git", ["archive", "--output", archive, commit], { cwd: packageRoot });
  await run("tar", ["-xf", archive, "-C", root]);
  symlinkSync(join(packageRoot, "node_modules"), join(root, "node_modules"));
  await run(process.execPath, [join(packageRoot, "node_modules/typescript/bin/tsc"), "-b", "tsconfig.build.json"], {
    cwd: root,
  });
  if (!existsSync(join(root, "dist/cli/main.js"))) throw new Error(`${commit} was not built`);
  return {
    root,
    async swarmctl(sandbox, ...args) {
      const options = { cwd: sandbox.home, env: sandbox.env, maxBuffer: 2 ** 26 };
      return run(process.execPath, [join(root, "bin/swarmctl.js"), ...args], options).then(
        ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
        ({ code, stdout, stderr }) => ({ status: code, stdout, stderr }),
      );
    },
    script(sandbox, path, ...args) {
      const child = spawn(process.execPath, [join(root, path), ...args], {
        cwd: sandbox.home,
        env: sandbox.env,
        stdio: ["ignore", "ignore", "pipe"],
      });
      let stderr = "";
      child.stderr.on("data", (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      return new Promise((resolve) => child.once("close", (_status, signal) => resolve({ signal, stderr })));
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
