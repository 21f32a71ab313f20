import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { SwarmError } from "../../errors.ts";

/** An agent as an agent server must know it. */
export interface ServedAgent {
  readonly key: string;
  /** Name of its workload, and value of its pods' label. */
  readonly resource: string;
  readonly role: string;
  readonly name: string;
  readonly parent?: string | undefined;
  readonly stopTimeoutMs: number;
  /** The Redis stream that the blueprint names. */
  readonly queue?: { readonly stream: string; readonly group: string } | undefined;
}

/** A cluster as an agent server must know it: the part of a plan that is about who belongs to it. */
export interface ServedCluster {
  readonly cluster: string;
  /** Unique id; another cluster of the same name has another one. */
  readonly uid: string;
  /** Beginning of the names of its resources, and value of its pods' label. */
  readonly resource: string;
  readonly agents: readonly ServedAgent[];
  /** How many instances there are to be, by agent. */
  readonly counts: Readonly<Record<string, number>>;
}

const agentSchema = z.object({
  key: z.string(),
  resource: z.string(),
  role: z.string(),
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
 * Reads a plan as `swarmctl blueprint compile` prints it, or the part of it that is needed.
 *
 * @throws SwarmError SW802 when it cannot be read, SW608 when it is no plan.
 */
export function readClusterFile(path: string): ServedCluster {
  return parseCluster(path, readJson(path));
}

/** The counts that a plan's file has now; those of before while it is not whole. */
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

/** @param from names the document in messages. @throws SwarmError SW608 when it is no plan. */
export function parseCluster(from: string, document: unknown): ServedCluster {
  const parsed = clusterSchema.safeParse(document);
  if (parsed.success) return { ...parsed.data, uid: parsed.data.uid ?? parsed.data.cluster };
  throw new SwarmError("SW608", `${from} is no plan of a cluster: ${z.prettifyError(parsed.error)}`, {
    hints: ["swarmctl blueprint compile FILE prints one"],
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
