import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buildInCache, entryOf } from "./build-in-cache.ts";
import { readCache } from "./cache.ts";
import { inHome, isExecutable, onPath } from "./executables.ts";
import { type Machine, thisMachine } from "./machine.ts";
import type { Engine, Environment, LanguageHost, LookupOptions } from "./model.ts";
import { languageHostRecipe } from "./recipe.ts";
import { noLanguageHost } from "./refusal.ts";
import { allowedSources } from "./settings.ts";

const name = languageHostRecipe.binary;
const dynamicProvider = "pulumi-resource-pulumi-nodejs";

/**
 * The folder to append to PATH for dynamic resources of a program: that of our launcher if the engine has none, as an engine
 * built from source; undefined if the engine finds its own.
 */
export async function dynamicProviderFolder(engine: Engine, env: Environment): Promise<string | undefined> {
  const ours = join(import.meta.dirname, "../../../plugins/pulumi-nodejs");
  const real = await realpath(engine.path).catch(() => engine.path);
  const beside = [dirname(engine.path), dirname(real)].map((folder) => join(folder, dynamicProvider));
  const present = [...beside, ...(await onPath(dynamicProvider, env, [ours])), inHome(dynamicProvider, env)];
  for (const path of present) if (await isExecutable(path)) return undefined;
  return ours;
}

/**
 * Finds the Node.js language host: beside the engine, on PATH, in the usual home folder, in our cache, else builds it. Only
 * `pulumi up` of a project folder needs it; an inline program does not.
 *
 * @throws SwarmError SW503 when there is none, SW502, SW504 and SW606 as `findEngine`.
 */
export async function findLanguageHost(
  engine: Engine,
  options: LookupOptions = {},
  machine: Machine = thisMachine,
): Promise<LanguageHost> {
  const env = options.env ?? process.env;
  const allowed = allowedSources(options);
  const real = await realpath(engine.path).catch(() => engine.path);
  for (const folder of new Set([dirname(engine.path), dirname(real)])) {
    const path = join(folder, name);
    if (await isExecutable(path)) return { path, origin: "engine", why: "beside the engine" };
  }
  const onItsPath = allowed.includes("path") ? (await onPath(name, env))[0] : undefined;
  if (onItsPath !== undefined) return { path: onItsPath, origin: "path", why: "on PATH" };
  if (allowed.includes("home") && (await isExecutable(inHome(name, env)))) {
    return { path: inHome(name, env), origin: "home", why: "in the usual home folder" };
  }

  const tried: string[] = [];
  if (allowed.includes("cache")) {
    const found = await readCache(entryOf(languageHostRecipe, env));
    if (found.state === "good") return { path: found.path, origin: "cache", why: `in the cache, from a ${found.made}` };
    if (found.state === "corrupt") tried.push(`the cached one is damaged: ${found.reason}`);
  }
  if (!allowed.includes("build")) throw noLanguageHost([...tried, "build: not allowed by SWARM_ENGINE_SOURCES"]);
  const made = await buildInCache(languageHostRecipe, env, options, machine);
  if (typeof made === "string") throw noLanguageHost([...tried, `build: ${made}`]);
  const why = made.byUs ? `built from its Go modules with Go ${made.goVersion}` : "just made by another process";
  return { path: made.path, origin: made.byUs ? "build" : "cache", why: [why, ...tried].join("; ") };
}
