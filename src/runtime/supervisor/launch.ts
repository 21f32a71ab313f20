import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemCode } from "../files.ts";
import { instanceId, type PoolSpec } from "../pool.ts";
import type { SiteMark } from "../processes/marked.ts";
import type { SitePaths } from "../site.ts";
import { instanceEnvironment } from "./environment.ts";

/** Where instances are started: the same for all of a site. */
export interface LaunchPad {
  readonly paths: SitePaths;
  readonly mark: Required<SiteMark>;
  readonly cluster: string;
  readonly api: string;
}

/**
 * Starts the process of an instance, leader of a session of its own. It writes straight into its log, and so needs nobody to
 * read a pipe: it lives on when its supervisor is killed.
 */
export function launch(pad: LaunchPad, spec: PoolSpec, ordinal: number): ChildProcess {
  const instance = instanceId(spec.agent, ordinal);
  const directory = join(pad.paths.state, instance);
  makeFolder(directory);
  const [program = process.execPath, ...args] = spec.command ?? [process.execPath, builtinAgent()];
  const environment = instanceEnvironment(process.env, spec.env, {
    site: pad.mark,
    cluster: pad.cluster,
    agent: spec.agent,
    role: spec.role,
    instance,
    stateDir: directory,
    api: pad.api,
  });
  const log = openSync(join(pad.paths.logs, `${instance}.log`), "a", 0o600);
  try {
    const child = spawn(program, args, {
      cwd: directory,
      env: environment,
      detached: true,
      stdio: ["ignore", log, log],
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** Not recursive: a site that was deleted must not come back bit by bit. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  }
}

/** Source runs source, compiled runs compiled. */
function builtinAgent(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`../agents/builtin.${extension}`, import.meta.url));
}
