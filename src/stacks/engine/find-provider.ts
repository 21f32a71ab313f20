import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { requirePackages } from "../../optional-packages.ts";
import { cacheFolder } from "./cache.ts";
import { isExecutable, onPath } from "./executables.ts";
import { fetchText } from "./fetch-text.ts";
import { type Machine, thisMachine } from "./machine.ts";
import type { Engine, Environment, LookupOptions, ProviderName, ProviderPlugin } from "./model.ts";
import { pulumiHome } from "./pulumi-home.ts";
import { noProvider } from "./refusal.ts";
import { reporting } from "./reporting.ts";
import { run } from "./run.ts";
import { allowedSources } from "./settings.ts";

/** The packages whose version determines that of the plugin. */
const packages: Readonly<Record<ProviderName, string>> = {
  kubernetes: "@pulumi/kubernetes",
  docker: "@pulumi/docker",
};

/** Folder of our own plugins, for machines that cannot download official ones. */
const ourPlugins = join(import.meta.dirname, "../../../plugins");

const installDeadlineMs = 10 * 60_000;
/** A failed download is not retried for this long, so that not every operation waits for a closed network. */
const retryAfterMs = 60 * 60_000;

/**
 * Finds a provider plugin for the engine: the official one on PATH, in the engine's plugin folder or by a download; else our
 * own, which the caller puts on PATH for one operation (`folder`).
 *
 * @param ours the folder with our own plugins
 * @throws SwarmError SW505 when there is none, SW506 when the package of that name is not installed, SW606 when `signal` ended the search
 */
export async function findProvider(
  name: ProviderName,
  engine: Engine,
  options: LookupOptions = {},
  machine: Machine = thisMachine,
  ours: string = ourPlugins,
): Promise<ProviderPlugin> {
  const env = options.env ?? process.env;
  const version = await neededVersion(name);
  const official = await lookForProvider(name, version, env, ours);
  if (official !== undefined) return official;
  const own = join(ours, name, binaryOf(name));
  const standIn = (await isExecutable(own)) ? own : undefined;
  const reason = await download(name, version, engine, { ...options, env, hasStandIn: standIn !== undefined }, machine);
  if (reason === undefined) return { name, version, origin: "download", why: "downloaded from its vendor" };
  if (standIn === undefined) throw noProvider(name, version, reason);
  return { name, version, origin: "ours", folder: dirname(standIn), why: `no official one is here; ${reason}` };
}

/** The official plugin, if installed. */
async function lookForProvider(
  name: ProviderName,
  version: string,
  env: Environment,
  ours: string,
): Promise<ProviderPlugin | undefined> {
  // The engine prefers PATH to its own folder, whatever the version.
  const [path] = await onPath(binaryOf(name), env, [ours]);
  if (path !== undefined) return { name, version, origin: "path", why: `${path} is on PATH` };
  const installed = join(pulumiHome(env), "plugins", `resource-${name}-v${version}`, binaryOf(name));
  if (!(await isExecutable(installed))) return undefined;
  return { name, version, origin: "installed", why: "in the engine's plugin folder" };
}

/** The version of a plugin: that of its npm package. @throws SwarmError SW506 if the package is not installed */
export async function neededVersion(name: ProviderName): Promise<string> {
  if (name === "kubernetes") requirePackages(["@pulumi/kubernetes"], "the kubernetes plugin");
  const manifest = fileURLToPath(import.meta.resolve(`${packages[name]}/package.json`));
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(manifest, "utf8"))).version;
}

function binaryOf(name: ProviderName): string {
  return `pulumi-resource-${name}`;
}

interface DownloadOptions extends LookupOptions {
  readonly env: Environment;
  /** We have our own plugin: a failed download is not retried at once. */
  readonly hasStandIn: boolean;
}

/** Downloads an official plugin. @returns undefined on success, else the reason */
async function download(
  name: ProviderName,
  version: string,
  engine: Engine,
  options: DownloadOptions,
  { installer, reachMs }: Machine,
): Promise<string | undefined> {
  const { env, signal, hasStandIn } = options;
  if (!allowedSources(options).includes("download")) return "download: not allowed by SWARM_ENGINE_SOURCES";
  const failure = join(cacheFolder(env), "providers", `${name}-${version}.failed`);
  if (hasStandIn && (await isRecent(failure))) return (await readFile(failure, "utf8")).trim();
  return reporting(options, async (report) => {
    report("download", `asking ${new URL(installer).host} for the ${name} plugin`);
    const reason = await install();
    if (reason === undefined) return undefined;
    signal?.throwIfAborted();
    await mkdir(dirname(failure), { recursive: true });
    await writeFile(failure, `${reason}\n`);
    return reason;

    async function install(): Promise<string | undefined> {
      try {
        await fetchText(installer, reachMs, signal);
      } catch (error) {
        return `download: ${error instanceof Error ? error.message : String(error)}`;
      }
      report("download", `downloading the ${name} plugin v${version}`);
      const home = { PULUMI_HOME: pulumiHome(env), PULUMI_SKIP_UPDATE_CHECK: "true" };
      const result = await run(engine.path, ["plugin", "install", "resource", name, version, "--non-interactive"], {
        env: { ...env, ...home },
        timeoutMs: installDeadlineMs,
        signal,
      });
      if (result.status === 0) return undefined;
      return `download: ${result.trouble ?? (result.stderr.trim().split("\n").at(-1) || `status ${result.status}`)}`;
    }
  });
}

async function isRecent(file: string): Promise<boolean> {
  const written = await stat(file).catch(() => undefined);
  return written !== undefined && Date.now() - written.mtimeMs < retryAfterMs;
}
