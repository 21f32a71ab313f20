import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { SwarmError } from "../../errors.ts";

/** The part of an agent that an agent server needs. */
export interface ServedAgent {
  readonly key: string;
  /** Name of its workload, and value of the label of its pods. */
  readonly resource: string;
  readonly role: string;
  /** Capabilities in the blueprint. */
  readonly capabilities: readonly string[];
  readonly name: string;
  readonly parent?: string | undefined;
  readonly stopTimeoutMs: number;
  /** The Redis stream that the blueprint names. */
  readonly queue?: { readonly stream: string; readonly group: string } | undefined;
}

/** The part of a plan that an agent server needs: the membership of the cluster. */
export interface ServedCluster {
  readonly cluster: string;
  /** Unique id; a later cluster of the same name has another one. */
  readonly uid: string;
  /** Prefix of the names of its resources, and value of the label of its pods. */
  readonly resource: string;
  readonly agents: readonly ServedAgent[];
  /** Desired instances by agent. */
  readonly counts: Readonly<Record<string, number>>;
}

const agentSchema = z.object({
  key: z.string(),
  resource: z.string(),
  role: z.string(),
  // A plan of version 0.1 has none: its tasks for capabilities wait until the plan is written again.
  capabilities: z.array(z.string()).default([]),
  name: z.string(),
  parent: z.string().optional(),
  stopTimeoutMs: z.number().int().min(0),
  queue: z.object({ stream: z.string(), group: z.string() }).optional(),
});

const clusterSchema = z.object({
  cluster: z.string(),
  uid: z.string().optional(),
  resource: z.string(),
  agents: z.array(agentSchema).min(1),
  counts: z.record(z.string(), z.number().int().min(0)).default({}),
});

/**
 * Reads a plan as printed by `swarmctl blueprint compile`, or the part of it that is needed.
 * @throws SwarmError SW802 when it cannot be read, SW608 when it is not a plan.
 */
export function readClusterFile(path: string): ServedCluster {
  return parseCluster(path, readJson(path));
}

/** The current counts of a plan's file; the previous ones while the file is incomplete. */
export function followCounts(path: string, first: ServedCluster["counts"]): () => ServedCluster["counts"] {
  let known = { counts: first, mtimeMs: 0 };
  return () => {
    const mtimeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? known.mtimeMs;
    if (mtimeMs === known.mtimeMs) return known.counts;
    try {
      known = { counts: readClusterFile(path).counts, mtimeMs };
    } catch (error) {
      if (!(error instanceof SwarmError)) throw error;
    }
    return known.counts;
  };
}

/**
 * Parses the served part of a plan.
 * @param from names the document in messages.
 * @throws SwarmError SW608 when it is not a plan.
 */
export function parseCluster(from: string, document: unknown): ServedCluster {
  const parsed = clusterSchema.safeParse(document);
  if (parsed.success) return { ...parsed.data, uid: parsed.data.uid ?? parsed.data.cluster };
  throw new SwarmError("SW608", `${from} is not the plan of a cluster: ${z.prettifyError(parsed.error)}`, {
    hints: ["swarmctl blueprint compile FILE"],
    values: { from },
  });
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new SwarmError("SW802", `${path} cannot be read as JSON: ${String(cause)}`, { cause, values: { path } });
  }
}
