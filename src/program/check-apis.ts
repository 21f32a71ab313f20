import type { Path } from "../blueprint/source/tree.ts";
import { servedKinds } from "../control-plane/served-apis.ts";
import { SwarmError } from "../errors.ts";
import type { Plan } from "../plan/plan.ts";
import { type ExtensionApi, hintsFor, lacks, type MissingApi, requiredApis } from "../plan/required-apis.ts";

/** Shows a warning to the user of the run. */
export type Warn = (text: string) => Promise<void>;

/** Position in the blueprint of the first of some keys that it contains. */
export type LocateKey = (keys: readonly Path[]) => string;

/**
 * Checks, before any resource is created, that the control plane serves the custom kinds that a plan needs. Only warns when it
 * cannot connect, and of a missing metrics API, which may be installed later.
 *
 * @throws SwarmError SW617 with every kind that the control plane lacks
 */
export async function checkApis(plan: Plan, locate: LocateKey, warn: Warn): Promise<void> {
  const missing: MissingApi[] = [];
  for (const { api, keys } of requiredApis(plan)) {
    const served = await isServed(plan, api, warn);
    if (!served) missing.push({ api, place: locate(keys) });
  }
  const server = plan.place.server ?? "of this context";
  const later = missing.filter(({ api }) => api.kind === undefined);
  for (const one of later) {
    const message = lacks(server, [one]);
    await warn([`${message}: until then its HPA changes no count`, ...hintsFor(message).map(tried)].join("\n"));
  }
  const needed = missing.filter(({ api }) => api.kind !== undefined);
  if (needed.length === 0) return;
  const message = lacks(server, needed);
  throw new SwarmError("SW617", message, { hints: hintsFor(message) });
}

async function isServed(
  { target: { context } }: Plan,
  { group, version, kind }: ExtensionApi,
  warn: Warn,
): Promise<boolean> {
  try {
    const kinds = await servedKinds({ context }, group, version);
    return kinds !== undefined && (kind === undefined || kinds.has(kind));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await warn(`cannot look up the kinds of ${group}, so they are not checked: ${reason}`);
    return true;
  }
}

const tried = (hint: string) => `  try: ${hint}`;
