import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { SwarmError } from "../errors.ts";
import { isRecord, recordAt, recordsAt, textAt } from "../platform/json.ts";

/** A kubeconfig as parsed; relative file names in it are already absolute. */
export type KubeconfigDocument = Readonly<Record<string, unknown>>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** The file is not a valid kubeconfig. */
export class InvalidKubeconfig extends SwarmError {
  constructor(message: string, cause?: unknown) {
    super("SW611", message, { cause });
  }
}

const fileFields = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/**
 * Loads a kubeconfig: from its content or the path of a file; without either from the files of KUBECONFIG, of which some may
 * be missing, else from ~/.kube/config. Undefined when there is none.
 *
 * @throws SwarmError SW611 when a file cannot be read or parsed
 */
export function loadKubeconfig(setting: string | undefined, env: Environment): KubeconfigDocument | undefined {
  if (setting !== undefined && setting.trim() !== "") {
    if (!looksLikePath(setting)) return parseKubeconfig(setting, process.cwd(), "the kubeconfig");
    const named = setting.split(delimiter).filter((path) => path !== "");
    return readAll(named) ?? named.map(readKubeconfig).reduce(merge);
  }
  return readAll(usualPaths(env));
}

/** Default files of a kubeconfig. */
export function usualPaths(env: Environment): readonly string[] {
  const given = (env.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  return given.length > 0 ? given : [join(env.HOME || homedir(), ".kube", "config")];
}

/** Merges the files that exist. */
function readAll(paths: readonly string[]): KubeconfigDocument | undefined {
  const [first, ...others] = paths.filter((path) => existsSync(expandHome(path))).map(readKubeconfig);
  return first === undefined ? undefined : others.reduce(merge, first);
}

function expandHome(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
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
    const reason = error instanceof Error ? error.message : String(error);
    throw new SwarmError("SW611", `kubeconfig ${file} cannot be read: ${reason}`, { cause: error });
  }
  return parseKubeconfig(text, dirname(resolve(file)), file);
}

/** @param origin for messages: the file, or "the kubeconfig" */
function parseKubeconfig(text: string, folder: string, origin: string): KubeconfigDocument {
  let parsed: unknown;
  try {
    parsed = (text.trimStart().startsWith("{") ? JSON.parse(text) : parse(text)) ?? {};
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new InvalidKubeconfig(`failed to parse kubeconfig: yaml: ${reason}`, error);
  }
  const wrong = isRecord(parsed) ? lists.find((list) => !isList(parsed[list] ?? [])) : "the whole";
  if (!isRecord(parsed) || wrong !== undefined) {
    throw new InvalidKubeconfig(`${origin} is not a kubeconfig: ${wrong} has the wrong form`);
  }
  return absolute(parsed, folder);
}

const lists = ["contexts", "clusters", "users"];
const isList = (value: unknown) => Array.isArray(value) && value.every(isRecord);

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

/** Merges two kubeconfigs; the first definition of a name wins, as in kubectl. */
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
