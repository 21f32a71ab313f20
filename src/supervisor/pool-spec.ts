import { z } from "zod";
import type { KnowledgeBundle } from "../agent-api/knowledge/bundle.ts";
import type { PoolOwner } from "../agent-api/status.ts";
import { SwarmError } from "../errors.ts";
import { shortHash } from "../names.ts";

/** The wish for one agent of a cluster: what to run, and how many times. */
export interface PoolSpec {
  /** Key of the agent in its blueprint, e.g. "content-creator". */
  readonly agent: string;
  readonly role: string;
  readonly name: string;
  /** Key of the agent that this one reports to. */
  readonly parent?: string;
  readonly count: number;
  /** Program and arguments, found through PATH, started in the instance's state directory. Without one: the reference agent. */
  readonly command?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Text of the JSON file under SWARM_CONFIG. */
  readonly config?: string;
  /** What is under SWARM_KNOWLEDGE_DIR. */
  readonly knowledge?: readonly KnowledgeBundle[];
  readonly owner: PoolOwner;
  /** From SIGTERM to SIGKILL. */
  readonly stopTimeoutMs: number;
  readonly generation: number;
}

const agentKey = z
  .string()
  .max(63)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, "an agent's key is letters, digits, '.', '_' and '-'");

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
  config: z
    .string()
    .max(1024 * 1024)
    .exactOptional(),
  knowledge: z.array(bundleSchema).max(64).exactOptional(),
  owner: z.strictObject({ uid: z.string().min(1), urn: z.string().min(1) }),
  stopTimeoutMs: z.int().min(0).max(3_600_000),
  generation: z.int().min(0),
});

/** @example instanceId("writer", 2) // "writer-2" */
export function instanceId(agent: string, ordinal: number): string {
  return `${agent}-${ordinal}`;
}

/**
 * Changes when a running instance would have to be started again to meet the spec: with its command, environment, role, configuration or knowledge.
 * Count, owner, stop timeout, name, parent and generation change nothing inside a running process.
 */
export function fingerprint(spec: PoolSpec): string {
  const env = Object.entries(spec.env).sort(([a], [b]) => (a < b ? -1 : 1));
  const knowledge = spec.knowledge?.map(({ name, digest }) => [name, digest]);
  // What is not told is left out, so that instances of an older version are not started again for nothing.
  const rest = spec.config === undefined && knowledge === undefined ? [] : [spec.config ?? null, knowledge ?? null];
  return shortHash(JSON.stringify([spec.command ?? null, env, spec.role, ...rest]), 16);
}

/** The reference agent registers; what a command runs may know nothing of the agent API. */
export function mustRegister(spec: PoolSpec): boolean {
  return spec.command === undefined;
}

function sameOwner(a: PoolOwner, b: PoolOwner): boolean {
  return a.uid === b.uid && a.urn === b.urn;
}

/** @throws SwarmError SW703 when a pool is another owner's. */
export function refuseOtherOwners(present: PoolSpec, owner: PoolOwner): void {
  if (sameOwner(present.owner, owner)) return;
  throw new SwarmError("SW703", `Agent ${present.agent} is owned by ${present.owner.urn}, not by ${owner.urn}.`, {
    hints: [`Remove it where it was declared (stack ${present.owner.uid}), or choose another name.`],
    values: { agent: present.agent, present: present.owner, wished: owner },
  });
}
