import { delimiter } from "node:path";
import type { TargetKind } from "../blueprint/model.ts";
import { pluginsVariable } from "../components/written-by.ts";
import { targets } from "../targets/targets.ts";
import { packageVersion } from "../version.ts";
import { type Engine, findProvider, type LookupOptions, type ProviderName } from "./engine/index.ts";

export interface ProviderOptions {
  /** Environment from an entry point (src/stacks/pulumi-environment.ts). */
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Receives one line for each plugin: which one, and why. */
  readonly tell: (line: string) => void;
}

/** Names of the providers that an engine run needs: those of the target and of recorded resources. */
export function neededProviders(target: TargetKind | undefined, recorded: readonly string[]): readonly ProviderName[] {
  const all = Object.values(targets).flatMap(({ plugins }) => plugins);
  return [...new Set(all)].filter(
    (name) => recorded.includes(name) || (target !== undefined && targets[target].plugins.includes(name)),
  );
}

/**
 * Variables with which the engine finds the plugins of these providers: PATH, with the folder of our plugin if there is no
 * official one, and a record, for the state, of which plugin writes it.
 *
 * @throws SwarmError SW505 when there is no plugin, SW606 when `signal` ended the search
 */
export async function providerEnvironment(
  names: readonly ProviderName[],
  engine: Engine,
  { env, signal, tell }: ProviderOptions,
): Promise<Record<string, string>> {
  if (names.length === 0) return {};
  const lookup: LookupOptions = { env, ...(signal !== undefined && { signal }), onProgress: progressLines(tell) };
  const plugins = await Promise.all(names.map((name) => findProvider(name, engine, lookup)));
  for (const { name, version, origin, why } of plugins) {
    tell(origin === "ours" ? `${name} plugin: our own, as ${why}` : `${name} plugin ${version} (${origin}: ${why})`);
  }
  const folders = plugins.flatMap(({ folder }) => folder ?? []);
  const written = plugins.map(({ name, version, origin }) =>
    origin === "ours" ? [name, `swarmstack ${packageVersion()}`] : [name, `official ${version}`],
  );
  return {
    PATH: [...folders, env.PATH ?? ""].join(delimiter),
    [pluginsVariable]: JSON.stringify(Object.fromEntries(written)),
  };
}

/** Drops repeated messages, as progress is reported each second. */
function progressLines(tell: (line: string) => void): NonNullable<LookupOptions["onProgress"]> {
  let last = "";
  return ({ message }) => {
    if (message !== last) tell(message);
    last = message;
  };
}
