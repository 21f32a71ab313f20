import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { toSwarmError } from "../../errors.ts";
import { whyUnwritable } from "../../platform/folders.ts";
import { cacheFolder } from "./cache.ts";
import { findEngine } from "./find-engine.ts";
import { findLanguageHost } from "./find-language-host.ts";
import { findProvider } from "./find-provider.ts";
import { findGo } from "./go.ts";
import { type Machine, thisMachine } from "./machine.ts";
import { notYetMirrored } from "./mirror.ts";
import type { Engine, Environment, LookupOptions, ProviderName } from "./model.ts";
import { triedWays } from "./refusal.ts";
import { allowedSources } from "./settings.ts";
import { cacheNeedsBytes, freeBytes, inGibibytes } from "./space.ts";
import { isOlder, oldestGo } from "./version.ts";

/** A row of `swarmctl doctor`. */
export interface DoctorRow {
  readonly check: string;
  /** `warn`: works with a delay or a restriction. */
  readonly status: "ok" | "warn" | "fail";
  readonly detail: string;
  /** Remedy. */
  readonly hint?: string;
}

export interface CheckContext {
  readonly env: Environment;
  readonly machine: Machine;
  /** URL of the state backend, such as "file:///home/me/state". Default: PULUMI_BACKEND_URL. */
  readonly backendUrl?: string;
}

type Check = (context: CheckContext) => Promise<DoctorRow | undefined>;

const scheme = "file://";

const backendCheck: Check = async ({ env, backendUrl = env.PULUMI_BACKEND_URL }) => {
  if (!backendUrl) return undefined;
  if (!backendUrl.startsWith(scheme)) {
    // Omits the rest of the address, which may contain a key.
    return { check: "backend", status: "ok", detail: `shared, ${backendUrl.split(":")[0]}` };
  }
  const folder = backendFolder(backendUrl, env);
  const reason = whyUnwritable(folder);
  if (reason === undefined) return { check: "backend", status: "ok", detail: folder };
  return { check: "backend", status: "fail", detail: reason, hint: "Use a writable folder as backend." };
};

/** Like the engine, accepts "file://~" for the home folder and "file://./state" for a relative one. */
function backendFolder(url: string, env: Environment): string {
  const rest = url.slice(scheme.length).split("?")[0] ?? "";
  if (rest.startsWith("~")) return join(env.HOME || homedir(), rest.slice(1));
  return isAbsolute(rest) ? fileURLToPath(`${scheme}${rest}`) : resolve(rest);
}

const cacheCheck: Check = async ({ env }) => {
  const folder = cacheFolder(env);
  const reason = whyUnwritable(folder);
  if (reason !== undefined) {
    return {
      check: "cache",
      status: "fail",
      detail: reason,
      hint: "Set SWARM_CACHE to a writable folder.",
    };
  }
  const free = await freeBytes(folder);
  const detail = `${folder}, ${inGibibytes(free)} free`;
  if (free >= cacheNeedsBytes) return { check: "cache", status: "ok", detail };
  return {
    check: "cache",
    status: "warn",
    detail,
    hint: `Make ${inGibibytes(cacheNeedsBytes)} free, or set SWARM_CACHE.`,
  };
};

const engineCheck: Check = async ({ env, machine }) => {
  try {
    const engine = await findEngine(onlyLook(env));
    const detail = `v${engine.version} at ${engine.path} (${engine.origin}: ${engine.why})`;
    return { check: "engine", status: "ok", detail };
  } catch (thrown) {
    const error = toSwarmError(thrown);
    const tried = triedWays(error);
    if (env.SWARM_ENGINE_URL && tried?.[0]?.startsWith(notYetMirrored)) {
      return {
        check: "engine",
        status: "warn",
        detail: `none yet; ${tried[0]}`,
        hint: "The first command downloads it.",
      };
    }
    if (tried !== undefined && (await canBuild(env, machine))) {
      const hint = "The first command downloads it, or builds it in about 5 minutes.";
      return { check: "engine", status: "warn", detail: ["none yet", ...tried].join("; "), hint };
    }
    return { check: "engine", status: "fail", detail: error.message, hint: error.hints.join("\n") };
  }
};

/** The allowed sources without those that take minutes. */
function onlyLook(env: Environment): LookupOptions {
  const looking = allowedSources({ env }).filter((source) => source !== "download" && source !== "build");
  return { env, sources: looking };
}

async function canBuild(env: Environment, machine: Machine): Promise<boolean> {
  return allowedSources({ env }).includes("build") && typeof (await findGo(env, machine.goFolders)) !== "string";
}

const goCheck: Check = async ({ env, machine }) => {
  const go = await findGo(env, machine.goFolders);
  if (typeof go !== "string") return { check: "go", status: "ok", detail: `v${go.version} at ${go.path}` };
  const hint = `Only a build of the engine needs it: Go ${oldestGo} or newer.`;
  return { check: "go", status: "warn", detail: go, hint };
};

const languageHostCheck: Check = async ({ env }) => {
  const check = "language host";
  try {
    const host = await findLanguageHost(await findEngine(onlyLook(env)), onlyLook(env));
    return { check, status: "ok", detail: `${host.path} (${host.origin}: ${host.why})` };
  } catch (thrown) {
    const hint = "Only a bare `pulumi up` needs it: it is built then, or comes with the official Pulumi CLI.";
    const { code, message } = toSwarmError(thrown);
    return { check, status: "warn", detail: code === "SW503" ? "none yet" : firstLine(message), hint };
  }
};

function firstLine(text: string): string {
  return text.split("\n")[0] ?? text;
}

/** The same as `engines` in package.json. */
const oldestNode = "22.19.0";

const nodeCheck: Check = async () => judgeNode(process.versions.node);

export function judgeNode(version: string): DoctorRow {
  if (!isOlder(version, oldestNode)) return { check: "node", status: "ok", detail: `v${version}` };
  const hint = `Run swarmctl on Node.js ${oldestNode} or newer.`;
  return { check: "node", status: "fail", detail: `v${version} is older than v${oldestNode}`, hint };
}

/** Placeholder for the engine, which is used only to download. */
const none: Engine = { path: "", version: "", origin: "given", why: "" };

const kubernetesCheck: Check = (context) => providerCheck("kubernetes", context.env);

const dockerCheck: Check = (context) => providerCheck("docker", context.env);

async function providerCheck(name: ProviderName, env: Parameters<Check>[0]["env"]): ReturnType<Check> {
  const check = `${name} plugin`;
  try {
    const { version, origin, why } = await findProvider(name, none, onlyLook(env));
    if (origin !== "ours") return { check, status: "ok", detail: `v${version} (${origin}: ${why})` };
    const hint =
      "The official one is used where it is installed, or can be downloaded by the first command that needs it.";
    return { check, status: "ok", detail: `v${version} (our own: no official one is here)`, hint };
  } catch (error) {
    const { message, code, hints } = toSwarmError(error);
    const install = code === "SW506" ? `: ${hints.join(" ")}` : ".";
    return {
      check,
      status: "warn",
      detail: message.split("\n")[0] ?? message,
      hint: `Only the target ${name} needs it${install}`,
    };
  }
}

const checks: readonly Check[] = [
  nodeCheck,
  engineCheck,
  languageHostCheck,
  kubernetesCheck,
  dockerCheck,
  goCheck,
  cacheCheck,
  backendCheck,
];

/**
 * Checks what an operation needs on this machine, without a download or a build; never throws.
 *
 * Returns one row for each check, always in the same order; a check that does not apply has no row.
 */
export async function doctorEngine(context: Partial<CheckContext> = {}): Promise<DoctorRow[]> {
  const full = { ...context, env: context.env ?? process.env, machine: context.machine ?? thisMachine };
  const rows = await Promise.all(checks.map((check) => check(full)));
  return rows.filter((row) => row !== undefined);
}
