import { delimiter } from "node:path";
import type { TargetKind } from "../blueprint/model.ts";
import { pluginsVariable } from "../components/written-by.ts";
import { targets } from "../targets/targets.ts";
import { packageVersion } from "../version.ts";
import { type Engine, findProvider, type LookupOptions, type ProviderName } from "./engine/index.ts";

export interface ProviderOptions {
  /** Of a door (src/stacks/pulumi-environment.ts). */
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** One line for each plugin: which one, and why. */
  readonly tell: (line: string) => void;
}

/** Names of the providers that an operation needs: for the target, and for what the state holds. */
export function neededProviders(target: TargetKind | undefined, recorded: readonly string[]): readonly ProviderName[] {
  const all = Object.values(targets).flatMap(({ plugins }) => plugins);
  return [...new Set(all)].filter(
    (name) => recorded.includes(name) || (target !== undefined && targets[target].plugins.includes(name)),
  );
}

/**
 * The variables with which the engine finds the plugins of these providers: PATH, with the folder of one of ours where there
 * is no official one, and what the program records of which one writes the state.
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

/** Each message once: a progress report is repeated each second. */
function progressLines(tell: (line: string) => void): NonNullable<LookupOptions["onProgress"]> {
  let last = "";
  return ({ message }) => {
    if (message !== last) tell(message);
    last = message;
  };
}
