import { resolve } from "node:path";
import { SwarmError } from "../../errors.ts";
import { buildInCache, entryOf } from "./build-in-cache.ts";
import { readCache } from "./cache.ts";
import { downloadInCache } from "./download.ts";
import { inHome, isExecutable, onPath } from "./executables.ts";
import { type Machine, thisMachine } from "./machine.ts";
import { cachedMirror, type Mirror, mirroredEngine, notYetMirrored, readMirror, shownAddress } from "./mirror.ts";
import type { Engine, EngineSource, Environment, LookupOptions } from "./model.ts";
import { probeEngine } from "./probe.ts";
import { engineRecipe } from "./recipe.ts";
import { noEngine } from "./refusal.ts";
import { allowedSources } from "./settings.ts";

/** Result of one source: an engine, or why it has none (no reason if there was nothing to check). */
type Outcome =
  | { readonly path: string; readonly version: string; readonly because: string; readonly origin?: EngineSource }
  | { readonly tried: readonly string[] };

/**
 * Finds a Pulumi engine that works: SWARM_ENGINE, the mirror of SWARM_ENGINE_URL, PATH, the usual home folder, our cache, the official download, a build from
 * the pinned Go modules. Takes milliseconds when the cache has it, minutes when it has to be built.
 *
 * @throws SwarmError SW501 when no source has one, SW502 when go fails, SW504 when another process builds it and does not
 * finish, SW513 when the mirror has no engine with the given hash, SW606 when `signal` ended the search.
 */
export async function findEngine(options: LookupOptions = {}, machine: Machine = thisMachine): Promise<Engine> {
  const env = options.env ?? process.env;
  const given = env.SWARM_ENGINE;
  if (given) return givenEngine(resolve(given), env);
  const mirror = readMirror(env);
  if (mirror !== undefined) return fromMirror(mirror, env, options);
  const tried: string[] = [];
  const allowed = allowedSources(options);
  for (const source of allowed) {
    const outcome = await ways[source](env, options, machine);
    if ("path" in outcome) {
      const { path, version, origin = source, because } = outcome;
      return { path, version, origin, why: [because, ...tried].join("; ") };
    }
    tried.push(...outcome.tried);
  }
  throw noEngine(tried, allowed);
}

async function givenEngine(path: string, env: Environment): Promise<Engine> {
  const executable = await isExecutable(path);
  const verdict = executable ? await probeEngine(path, env) : { objection: "is not an executable file" };
  if ("version" in verdict) return { path, version: verdict.version, origin: "given", why: "SWARM_ENGINE names it" };
  throw new SwarmError("SW501", `SWARM_ENGINE is ${path}: ${verdict.objection}`, {
    hints: ["set SWARM_ENGINE to a working Pulumi CLI, or unset it to search for one"],
    values: { path },
  });
}

/** @throws SwarmError SW501 if downloads are not allowed and it was not downloaded yet */
async function fromMirror(mirror: Mirror, env: Environment, options: LookupOptions): Promise<Engine> {
  const { sources } = options;
  if (sources === undefined || sources.includes("download")) return mirroredEngine(mirror, env, options);
  const cached = await cachedMirror(mirror, env);
  if (cached !== undefined) return cached;
  throw noEngine([`${notYetMirrored} ${shownAddress(mirror)}`], sources);
}

const byAnother = { origin: "cache", because: "just made by another process" } as const;

type Way = (env: Environment, options: LookupOptions, machine: Machine) => Promise<Outcome>;

const ways: { readonly [source in EngineSource]: Way } = {
  async path(env) {
    return firstThatWorks(await onPath("pulumi", env), "on PATH", env);
  },
  async home(env) {
    const path = inHome("pulumi", env);
    return firstThatWorks((await isExecutable(path)) ? [path] : [], "in the usual home folder", env);
  },
  async cache(env) {
    const found = await readCache(entryOf(engineRecipe, env));
    if (found.state === "missing") return { tried: [] };
    if (found.state === "corrupt") return { tried: [`the cached engine is damaged: ${found.reason}`] };
    return { path: found.path, version: engineRecipe.version, because: `in the cache, from a ${found.made}` };
  },
  async download(env, options, machine) {
    const made = await downloadInCache(entryOf(engineRecipe, env), env, options, machine);
    if (typeof made === "string") return { tried: [`download: ${made}`] };
    const engine = { path: made.path, version: engineRecipe.version };
    return made.byUs ? { ...engine, because: "downloaded from its vendor" } : { ...engine, ...byAnother };
  },
  async build(env, options, machine) {
    const made = await buildInCache(engineRecipe, env, options, machine);
    if (typeof made === "string") return { tried: [`build: ${made}`] };
    const engine = { path: made.path, version: engineRecipe.version };
    const because = `built from its Go modules with Go ${made.goVersion}`;
    return made.byUs ? { ...engine, because } : { ...engine, ...byAnother };
  },
};

async function firstThatWorks(paths: readonly string[], because: string, env: Environment): Promise<Outcome> {
  const tried: string[] = [];
  for (const path of paths) {
    const verdict = await probeEngine(path, env);
    if ("version" in verdict) return { path, version: verdict.version, because: [because, ...tried].join("; ") };
    tried.push(`${path} passed over: ${verdict.objection}`);
  }
  return { tried };
}
