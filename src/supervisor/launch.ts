import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { knowledgeFolder } from "../agent-api/knowledge/install.ts";
import type { TokenIssuer } from "../agent-api/token-issuer.ts";
import { makeFolder, writeText } from "../platform/files.ts";
import type { SiteMark } from "../platform/processes/marked.ts";
import { instanceEnvironment } from "./environment.ts";
import { instanceId, type PoolSpec } from "./pool-spec.ts";
import type { SiteSettings } from "./settings.ts";
import type { SitePaths } from "./site.ts";

/** Where instances are started: the same for all of a site. */
export interface LaunchPad {
  readonly paths: SitePaths;
  readonly mark: Required<SiteMark>;
  readonly cluster: string;
  readonly api: string;
  readonly tokens: TokenIssuer;
  readonly settings: { readonly present: SiteSettings };
}

/** Tells an agent the Redis stream that its blueprint names. */
const queueVariable = "SWARM_QUEUE_STREAM";

/**
 * Starts the process of an instance, leader of a session of its own. It writes straight into its log, and so needs nobody to
 * read a pipe: it lives on when its supervisor is killed.
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
  const log = openSync(join(pad.paths.logs, `${instance}.log`), "a", 0o600);
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
  /** Where its processes begin. */
  readonly stateDir: string;
}

/** What the processes of an instance find. */
export function surroundings(pad: LaunchPad, spec: PoolSpec, ordinal: number): LaunchContext {
  const { paths, mark, cluster, api } = pad;
  const instance = instanceId(spec.agent, ordinal);
  const stateDir = join(paths.state, instance);
  const environment = instanceEnvironment(process.env, spec.env, {
    ...{ cluster, api, instance, stateDir, agent: spec.agent, role: spec.role, site: mark },
    configFile: configFile(pad, spec),
    tokenFile: join(paths.tokens, instance),
    redis: queueVariable in spec.env ? pad.settings.present.redis : undefined,
    knowledgeDir: spec.knowledge && knowledgeFolder(paths.knowledge, spec.knowledge),
  });
  return { environment, stateDir };
}

/** Gives an instance a fresh token. */
export function writeToken({ paths, tokens }: LaunchPad, instance: string, agent: string): void {
  writeText(join(paths.tokens, instance), tokens.issue(instance, agent).token);
}

function configFile({ paths }: LaunchPad, { agent }: PoolSpec): string {
  return join(paths.config, `${agent}.json`);
}

/** Source runs source, compiled runs compiled. */
function referenceAgent(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`../agents/reference.${extension}`, import.meta.url));
}
