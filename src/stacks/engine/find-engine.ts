import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { SwarmError } from "../../errors.ts";
import { build } from "./build.ts";
import { cacheFolder, readCache } from "./cache.ts";
import { download } from "./download.ts";
import { isExecutable, onPath } from "./executables.ts";
import { entryOf, prepareBuild, reporting, waitMs } from "./making.ts";
import type { Engine, Environment, LookupOptions, Source } from "./model.ts";
import { probeEngine } from "./probe.ts";
import { engineRecipe } from "./recipe.ts";
import { allowedSources } from "./settings.ts";
import { makeOnce } from "./store.ts";

/** What a way gave: an engine, or why not; nothing to say means that there was nothing to look at. */
type Outcome =
  | { readonly engine: Omit<Engine, "why">; readonly because: string }
  | { readonly tried: readonly string[] };

interface Search {
  readonly env: Environment;
  readonly options: LookupOptions;
}

/**
 * Finds a Pulumi engine that works: SWARM_ENGINE, PATH, the usual home folder, our cache, the official download, a build from
 * the pinned Go modules. Takes milliseconds when the cache has it, minutes when it has to be built.
 *
 * @throws SwarmError SW501 when no way leads to one, SW502 when go fails, SW504 when another process builds it and does not
 * finish, SW606 when `signal` ended the search.
 */
export async function findEngine(options: LookupOptions = {}): Promise<Engine> {
  const env = options.env ?? process.env;
  const given = env.SWARM_ENGINE;
  if (given) return givenEngine(given, env);
  const tried: string[] = [];
  const allowed = allowedSources(options);
  for (const source of allowed) {
    const outcome = await ways[source]({ env, options });
    if ("engine" in outcome) {
      return { ...outcome.engine, why: [outcome.because, ...tried].join("; ") };
    }
    tried.push(...outcome.tried);
  }
  throw noEngine(tried, allowed);
}

async function givenEngine(given: string, env: Environment): Promise<Engine> {
  const path = resolve(given);
  const verdict = (await isExecutable(path))
    ? await probeEngine(path, env)
    : { objection: "is not an executable file" };
  if ("version" in verdict) return { path, version: verdict.version, origin: "given", why: "SWARM_ENGINE names it" };
  throw new SwarmError("SW501", `SWARM_ENGINE is ${path}, which ${verdict.objection}`, {
    hints: ["Let SWARM_ENGINE name a Pulumi CLI that works, or unset it: then one is looked for."],
    values: { path },
  });
}

const ways: { readonly [source in Source]: (search: Search) => Promise<Outcome> } = {
  async path({ env }) {
    const ours = [cacheFolder(env), ...(env.SWARM_SHIM_DIR ? [env.SWARM_SHIM_DIR] : [])];
    const paths = await onPath("pulumi", env, ours);
    return firstThatWorks(paths, "path", "on PATH", env);
  },
  async home({ env }) {
    const path = join(env.HOME || homedir(), ".pulumi", "bin", "pulumi");
    return firstThatWorks((await isExecutable(path)) ? [path] : [], "home", "in the usual home folder", env);
  },
  async cache({ env }) {
    const found = await readCache(entryOf(engineRecipe, env));
    if (found.state === "missing") return { tried: [] };
    if (found.state === "corrupt") return { tried: [`the cached engine is damaged: ${found.reason}`] };
    const engine = { path: found.path, version: engineRecipe.version, origin: "cache" } as const;
    return { engine, because: `cached, made by ${found.made}` };
  },
  async download({ env, options }) {
    try {
      return await reporting(options, async (report) => {
        const make = (folder: string): Promise<string> => download(folder, { env, report, signal: options.signal });
        const settings = { report, waitMs, signal: options.signal };
        const { path } = await makeOnce(entryOf(engineRecipe, env), "download", settings, make);
        const engine = { path, version: engineRecipe.version, origin: "download" } as const;
        return { engine, because: "downloaded from the vendor" };
      });
    } catch (error) {
      if (error instanceof SwarmError) throw error;
      return { tried: [`download: ${error instanceof Error ? error.message : String(error)}`] };
    }
  },
  async build({ env, options }) {
    const go = await prepareBuild(engineRecipe, env);
    if (typeof go === "string") return { tried: [`build: ${go}`] };
    return reporting(options, async (report) => {
      const make = (folder: string): Promise<string> =>
        build(engineRecipe, go, folder, { env, report, signal: options.signal });
      const settings = { report, waitMs, signal: options.signal };
      const made = await makeOnce(entryOf(engineRecipe, env), "build", settings, make);
      const engine = { path: made.path, version: engineRecipe.version, origin: made.byUs ? "build" : "cache" } as const;
      const because = made.byUs
        ? `built from its Go modules with Go ${go.version}`
        : "made by another process just now";
      return { engine, because };
    });
  },
};

async function firstThatWorks(
  paths: readonly string[],
  origin: "path" | "home",
  because: string,
  env: Environment,
): Promise<Outcome> {
  const tried: string[] = [];
  for (const path of paths) {
    const verdict = await probeEngine(path, env);
    if ("version" in verdict) {
      return { engine: { path, version: verdict.version, origin }, because: [because, ...tried].join("; ") };
    }
    tried.push(`${path} passed over: ${verdict.objection}`);
  }
  return { tried };
}

function noEngine(tried: readonly string[], allowed: readonly Source[]): SwarmError {
  const restricted =
    allowed.length < Object.keys(ways).length ? [`only these ways were allowed: ${allowed.join(", ")}`] : [];
  const reasons = [...tried, ...restricted];
  return new SwarmError("SW501", `No Pulumi engine was found${reasons.map((line) => `\n- ${line}`).join("")}`, {
    hints: [
      "Install the official Pulumi CLI and put it on PATH (or in ~/.pulumi/bin).",
      "Or let it be downloaded: open the network to get.pulumi.com.",
      "Or install Go 1.26 or newer: then it is built from Go modules.",
    ],
    values: { tried, allowed },
  });
}
