import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { SwarmError } from "../../errors.ts";
import {
  applyPatch,
  blueprintIdentitySchema,
  changedSize,
  desiredStatePatchSchema,
  desiredStateSchema,
} from "../../plan/desired-state.ts";
import { targetLocationSchema } from "../../plan/target-location.ts";
import { targets } from "../../targets/targets.ts";
import { changedPaths } from "../base/diff.ts";
import type { CheckRequest, CheckResult, Resource } from "../base/resource.ts";

const range = z.object({ key: z.string(), min: z.number(), max: z.number() });

/** Inputs from the program. Only the runner passes `change` and `operation`; a bare `pulumi up` omits them. */
const proposalSchema = z.object({
  cluster: z.string(),
  place: targetLocationSchema,
  blueprint: blueprintIdentitySchema,
  bounds: z.object({ agents: z.array(range), minWorkers: z.number(), maxWorkers: z.number() }),
  operation: z.string().optional(),
  change: desiredStatePatchSchema.optional(),
  embedded: z.literal(true).optional(),
  targetWorkers: z.number().optional(),
});

/** Recorded beside the document: the size that an embedding program requested last. */
const recordedSchema = z.object({ targetWorkers: z.number().optional() });

/**
 * `swarmstack:index:Desired`: the desired state (src/plan/desired-state.ts) as a resource.
 *
 * Check keeps the recorded document when the program passes no change, as the engine does with automatic names.
 * All other resources of the cluster depend on it, so it is recorded before the first side effect and survives kill -9
 * and failed updates; a bare `pulumi up` keeps or completes it. It has no side effect itself.
 */
export function desired(home: string): Resource {
  return {
    check: async (request) => checkDocument(request, home),
    diff: async ({ oldInputs, news }) => ({ changes: changedPaths(oldInputs, news) }),
    create: async ({ inputs, urn }) => ({ id: urn, outputs: inputs }),
    read: async ({ id, olds, oldInputs }) => ({ id, inputs: oldInputs, outputs: olds }),
    update: async ({ news }) => news,
    delete: async () => {},
  };
}

function checkDocument({ olds, news, seed }: CheckRequest, home: string): CheckResult {
  const { targetWorkers, ...proposal } = proposalSchema.parse(news);
  const old = olds === undefined ? undefined : desiredStateSchema.parse(olds.document);
  const size = changedSize(targetWorkers, recordedSchema.parse(olds ?? {}).targetWorkers);
  const change = { ...proposal.change, ...(size !== undefined && { targetWorkers: size }) };
  const uid = createHash("sha256").update(seed).digest("hex").slice(0, 12);
  const dir = join(home, "clusters", `${proposal.cluster}-${uid.slice(0, 6)}`);
  const site = targets[proposal.place.target].location.kind === "host" ? { host: hostname(), dir } : undefined;
  try {
    const document = applyPatch(old, { ...proposal, change }, { uid, site });
    return { inputs: { document, ...(targetWorkers !== undefined && { targetWorkers }) } };
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    const hints = proposal.embedded && error.code === "SW610" ? placeHints : error.hints;
    return { inputs: news, failures: [{ property: "", reason: [error.message, ...hints].join("; ") }] };
  }
}

/** Hints for an embedded cluster, which swarmctl does not migrate. */
const placeHints = [
  "give the AgentCluster the target and context of before",
  "or another name: then a new cluster is created there and this one is deleted",
];
