import { z } from "zod";
import { parseJson } from "../agent-api/control/wire.ts";
import type { KnowledgeBundle } from "../agent-api/knowledge/bundle.ts";
import type { PoolOwner } from "../agent-api/status.ts";
import { SwarmError } from "../errors.ts";
import { shortHash } from "../names.ts";

/** Desired state of one agent of a cluster: what to run, and how many replicas. */
export interface PoolSpec {
  /** Key of the agent in its blueprint, e.g. "content-creator". */
  readonly agent: string;
  readonly role: string;
  readonly name: string;
  /** Key of the agent that this one reports to. */
  readonly parent?: string;
  readonly count: number;
  /**
   * Program and arguments, found through PATH, started in the instance's state directory. Default: the reference
   * agent.
   */
  readonly command?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the blueprint, as SWARM_BLUEPRINT_DIR; another one applies to later starts. */
  readonly blueprintDir?: string;
  /** Text of the JSON file in SWARM_CONFIG. */
  readonly config?: string;
  /** Content of SWARM_KNOWLEDGE_DIR. */
  readonly knowledge?: readonly KnowledgeBundle[];
  readonly owner: PoolOwner;
  /** A person set the count: no autoscaler changes it. */
  readonly pin?: { /** Milliseconds since the epoch; absent: without an end. */ readonly untilMs?: number };
  /** A count of an autoscaler outside it does not outlive the declaration. */
  readonly range?: { readonly min: number; readonly max: number };
  /** See `startupOf`; default: `defaultStartPeriodMs`. */
  readonly startPeriodMs?: number;
  /** Time from SIGTERM to SIGKILL. */
  readonly stopTimeoutMs: number;
  readonly generation: number;
}

const agentKey = z
  .string()
  .max(63)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, "an agent key consists of letters, digits, '.', '_' and '-'");

const noNul = z.string().regex(/^[^\0]*$/, "no NUL character");

const bundleSchema: z.ZodType<KnowledgeBundle> = z.strictObject({
  name: agentKey,
  path: noNul.startsWith("/"),
  digest: z.string(),
});

export const poolSpecSchema: z.ZodType<PoolSpec> = z.strictObject({
  agent: agentKey,
  role: noNul,
  name: z.string(),
  parent: z.string().exactOptional(),
  count: z.int().min(0).max(10_000),
  command: z.array(noNul).min(1).exactOptional(),
  env: z.record(z.string().regex(/^[^=\0]+$/), noNul),
  blueprintDir: noNul.startsWith("/").exactOptional(),
  config: z
    .string()
    .max(1024 * 1024)
    .exactOptional(),
  knowledge: z.array(bundleSchema).max(64).exactOptional(),
  owner: z.strictObject({ uid: z.string().min(1), urn: z.string().min(1) }),
  pin: z.strictObject({ untilMs: z.number().exactOptional() }).exactOptional(),
  range: z.strictObject({ min: z.int(), max: z.int() }).exactOptional(),
  startPeriodMs: z.int().min(0).exactOptional(),
  stopTimeoutMs: z
    .int()
    .min(0)
    .max(20 * 86_400_000),
  generation: z.int().min(0),
});

/**
 * Id of an instance.
 * @example instanceId("writer", 2) // "writer-2"
 */
export function instanceId(agent: string, ordinal: number): string {
  return `${agent}-${ordinal}`;
}

/**
 * Changes when a running instance must restart to meet the spec: with its command, environment, role, configuration
 * or knowledge. Count, range, pin, owner, start period, stop timeout, name, parent and generation do not affect a running process.
 */
export function fingerprint(spec: PoolSpec): string {
  const env = Object.entries(spec.env).sort(([a], [b]) => (a < b ? -1 : 1));
  const knowledge = spec.knowledge?.map(({ name, digest }) => [name, digest]);
  // Unset values are omitted, so that instances of an older version do not restart needlessly.
  const rest = spec.config === undefined && knowledge === undefined ? [] : [spec.config ?? null, knowledge ?? null];
  return shortHash(JSON.stringify([spec.command ?? null, env, spec.role, ...rest]), 16);
}

const configSchema = z.object({ capabilities: z.array(z.string()) });
const capabilitiesOfConfig = new WeakMap<PoolSpec, readonly string[]>();

/** Capabilities in the blueprint: those of the agent's configuration file. */
export function capabilitiesOf(spec: PoolSpec): readonly string[] {
  const known = capabilitiesOfConfig.get(spec);
  if (known !== undefined) return known;
  const found = configSchema.safeParse(parseJson(spec.config ?? "")).data?.capabilities ?? [];
  capabilitiesOfConfig.set(spec, found);
  return found;
}

/** Whether instances must register: the reference agent does, a custom command need not use the agent API. */
export function mustRegister(spec: PoolSpec): boolean {
  return spec.command === undefined;
}

function sameOwner(a: PoolOwner, b: PoolOwner): boolean {
  return a.uid === b.uid && a.urn === b.urn;
}

/**
 * Refuses changes to a pool of another owner.
 * @throws SwarmError SW703
 */
export function refuseOtherOwners(present: PoolSpec, owner: PoolOwner): void {
  if (sameOwner(present.owner, owner)) return;
  throw new SwarmError("SW703", `agent ${present.agent} is owned by ${present.owner.urn}, not by ${owner.urn}`, {
    hints: [`Remove it from stack ${present.owner.uid}, or choose another name`],
    values: { agent: present.agent, present: present.owner, wished: owner },
  });
}
