import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { SwarmError } from "../../../errors.ts";
import { isRecord, recordAt, recordsAt, textAt } from "../../../platform/json.ts";

/** A kubeconfig as parsed; relative file names in it are already absolute. */
export type KubeconfigDocument = Readonly<Record<string, unknown>>;

/** The stanzas that the current context points to. */
export interface ActiveContext {
  readonly cluster: Record<string, unknown>;
  readonly user: Record<string, unknown>;
  readonly namespace: string | undefined;
}

const fileFields = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/**
 * Loads the kubeconfig of a provider setting: its content, or the path of a file; without a setting the files of
 * `KUBECONFIG`, then `~/.kube/config`. Undefined when there is none.
 *
 * @throws SwarmError SW731 when it cannot be parsed, SW611 when a file cannot be read
 */
export function loadKubeconfig(setting: string | undefined, env: NodeJS.ProcessEnv): KubeconfigDocument | undefined {
  if (setting !== undefined && setting.trim() !== "") {
    return looksLikePath(setting) ? readList(setting) : parseKubeconfig(setting, process.cwd());
  }
  if (env.KUBECONFIG) return readList(env.KUBECONFIG);
  const usual = join(env.HOME ?? homedir(), ".kube", "config");
  return existsSync(usual) ? readKubeconfig(usual) : undefined;
}

/** A list of files, of which some may be missing. */
function readList(list: string): KubeconfigDocument {
  const named = list.split(delimiter).filter((path) => path !== "");
  const there = named.filter((path) => existsSync(expandHome(path)));
  return (there.length > 0 ? there : named).map(readKubeconfig).reduce(merge);
}

function expandHome(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}

/** What a provider's settings choose of a kubeconfig. */
export interface Choice {
  readonly context: string | undefined;
  /** A cluster instead of the context's own. */
  readonly cluster?: string | undefined;
}

/** @throws SwarmError SW611 when the context or its cluster is not there */
export function activeContext(config: KubeconfigDocument, choice: Choice): ActiveContext {
  const wanted = choice.context ?? textAt(config, "current-context") ?? "";
  const found = named(config, "contexts", "context", wanted);
  if (found === undefined) throw missing("context", wanted, config, "contexts");
  const clusterName = choice.cluster ?? textAt(found, "cluster") ?? "";
  const cluster = named(config, "clusters", "cluster", clusterName);
  if (cluster === undefined) throw missing("cluster", clusterName, config, "clusters");
  const user = named(config, "users", "user", textAt(found, "user") ?? "") ?? {};
  return { cluster, user, namespace: textAt(found, "namespace") };
}

function looksLikePath(setting: string): boolean {
  return !setting.includes("\n") && !setting.trimStart().startsWith("{");
}

function readKubeconfig(path: string): KubeconfigDocument {
  const file = expandHome(path);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
  return parseKubeconfig(text, dirname(resolve(file)));
}

function parseKubeconfig(text: string, folder: string): KubeconfigDocument {
  let parsed: unknown;
  try {
    parsed = text.trimStart().startsWith("{") ? JSON.parse(text) : parse(text);
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new SwarmError("SW731", `failed to parse kubeconfig: yaml: ${reason}`, { cause: error });
  }
  if (!isRecord(parsed)) throw new SwarmError("SW731", "failed to parse kubeconfig: yaml: it is no map");
  return absolute(parsed, folder);
}

/** File names in a kubeconfig are relative to its folder. */
function absolute(config: Record<string, unknown>, folder: string): KubeconfigDocument {
  const stanzas = (list: string, member: string) =>
    recordsAt(config, list).map((entry) => {
      const stanza = recordAt(entry, member);
      const files = fileFields.flatMap((field) => {
        const file = textAt(stanza, field);
        return file === undefined ? [] : [[field, resolve(folder, file)] as const];
      });
      return { ...entry, [member]: { ...stanza, ...Object.fromEntries(files) } };
    });
  return { ...config, clusters: stanzas("clusters", "cluster"), users: stanzas("users", "user") };
}

/** Several files are one kubeconfig: the first that names a thing wins, as for kubectl. */
function merge(first: KubeconfigDocument, next: KubeconfigDocument): KubeconfigDocument {
  const both = (list: string) => {
    const own = recordsAt(first, list);
    return [...own, ...recordsAt(next, list).filter(({ name }) => !own.some((entry) => entry.name === name))];
  };
  return {
    ...first,
    "current-context": textAt(first, "current-context") || textAt(next, "current-context"),
    clusters: both("clusters"),
    contexts: both("contexts"),
    users: both("users"),
  };
}

function named(
  config: KubeconfigDocument,
  list: string,
  member: string,
  name: string,
): Record<string, unknown> | undefined {
  const entry = recordsAt(config, list).find((candidate) => candidate.name === name);
  return entry === undefined ? undefined : recordAt(entry, member);
}

function missing(what: string, name: string, config: KubeconfigDocument, list: string): SwarmError {
  const known = recordsAt(config, list).map((entry) => String(entry.name));
  return new SwarmError("SW611", `the kubeconfig has no ${what} "${name}" (it has ${known.join(", ") || "none"})`);
}

function unreadable(file: string, reason: string): SwarmError {
  return new SwarmError("SW611", `kubeconfig ${file} cannot be read: ${reason}`);
}
