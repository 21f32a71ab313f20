import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { knowledgeFolder } from "../agent-api/knowledge/install.ts";
import type { TokenIssuer } from "../agent-api/token-issuer.ts";
import { makeFolder, removeIfThere, writeText } from "../platform/files.ts";
import type { SiteMark } from "../platform/processes/marked.ts";
import { instanceEnvironment } from "./environment.ts";
import type { InstanceLogs } from "./instance-logs.ts";
import { instanceId, type PoolSpec } from "./pool-spec.ts";
import type { SiteSettings } from "./settings.ts";
import type { SitePaths } from "./site.ts";

/** Where instances start; the same for all instances of a site. */
export interface LaunchPad {
  readonly paths: SitePaths;
  readonly logs: InstanceLogs;
  readonly mark: Required<SiteMark>;
  readonly cluster: string;
  /** Base URL of the API; undefined: it has no port. */
  readonly api: string | undefined;
  /** Path of the API's socket. */
  readonly socket: string;
  readonly tokens: TokenIssuer;
  readonly settings: { readonly present: SiteSettings };
}

/** Names the Redis stream of the agent, as in its blueprint. */
const queueVariable = "SWARM_QUEUE_STREAM";

/**
 * Starts the process of an instance as a session leader. Its output goes into a pipe that it keeps open itself
 * (src/supervisor/log-pipe.ts), so it survives its supervisor.
 */
export function launch(pad: LaunchPad, spec: PoolSpec, ordinal: number): ChildProcess {
  const instance = instanceId(spec.agent, ordinal);
  const [program = process.execPath, ...args] = spec.command ?? [process.execPath, referenceAgent()];
  const { environment, stateDir } = surroundings(pad, spec, ordinal);
  makeFolder(stateDir);
  writeToken(pad, instance, spec.agent);
  writeText(
    configFile(pad, spec),
    spec.config ?? JSON.stringify({ agent: spec.agent, role: spec.role, name: spec.name }),
  );
  const log = pad.logs.open(instance);
  try {
    const child = spawn(program, args, {
      cwd: stateDir,
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

export interface LaunchContext {
  readonly environment: Record<string, string>;
  /** Working directory of its processes. */
  readonly stateDir: string;
}

/** Environment and working directory of an instance. */
export function surroundings(pad: LaunchPad, spec: PoolSpec, ordinal: number): LaunchContext {
  const { paths, mark, cluster, api, socket } = pad;
  const instance = instanceId(spec.agent, ordinal);
  const stateDir = join(paths.state, instance);
  const environment = instanceEnvironment(process.env, spec.env, {
    ...{ cluster, api, socket, instance, stateDir, agent: spec.agent, role: spec.role, site: mark },
    blueprintDir: spec.blueprintDir,
    configFile: configFile(pad, spec),
    tokenFile: join(paths.tokens, instance),
    redis: queueVariable in spec.env ? pad.settings.present.redis : undefined,
    knowledgeDir: spec.knowledge && knowledgeFolder(paths.knowledge, spec.knowledge),
  });
  return { environment, stateDir };
}

/** Issues a new token for an instance. */
export function writeToken({ paths, tokens }: LaunchPad, instance: string, agent: string): void {
  writeText(join(paths.tokens, instance), tokens.issue(instance, agent).token);
}

/** Removes the token of an instance that has ended. */
export function removeToken({ paths }: LaunchPad, instance: string): void {
  removeIfThere(join(paths.tokens, instance));
}

function configFile({ paths }: LaunchPad, { agent }: PoolSpec): string {
  return join(paths.config, `${agent}.json`);
}

/** Path of the reference agent: source if this process runs from source, else compiled. */
function referenceAgent(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`../agents/reference.${extension}`, import.meta.url));
}
