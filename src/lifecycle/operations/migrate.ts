import { z } from "zod";
import { targetKinds } from "../../blueprint/model.ts";
import { toJson } from "../../store/json.ts";
import { defineOperation } from "../executor/definition.ts";
import { mapInstances } from "../migration/instance-mapping.ts";
import { type DestinationPort, type SourcePort, summarizePauses } from "../migration/ports.ts";
import { describeTarget, judgeMove, refuseUnmovable } from "../migration/preconditions.ts";
import { stackDestination } from "../migration/stack-destination.ts";
import { stackSource } from "../migration/stack-source.ts";
import type { Run } from "../run.ts";
import { planOf } from "../source.ts";

/** The destination and the minimum time since the last migration. */
const migrateRequestSchema = z.object({
  to: z.object({ target: z.enum(targetKinds), context: z.string().optional() }),
  coolDownMs: z.number().min(0),
});

/** Decided once: the source, and the name of the destination stack. */
const reservedSchema = z.object({
  from: z.string(),
  fromTarget: z.enum(targetKinds),
  fromContext: z.string().optional(),
  stack: z.string(),
});
const replicasSchema = z.record(z.string(), z.number());
const preparedSchema = z.object({ changedSince: z.number() });
const momentsSchema = z.object({ quietSince: z.record(z.string(), z.number()) });
const rootsSchema = z.object({ roots: z.record(z.string(), z.string()) });

/**
 * Migrates a cluster to another stack. The cluster's row names the active stack: before the compare-and-swap of `commit` a failure
 * rolls everything back, after it a resume completes everything. The destination starts behind a closed write fence while the source
 * works, and the source is fenced before its final state is exported. So two copies of an instance never work at the same time,
 * whichever process is killed.
 *
 * @see Garcia-Molina and Salem, "Sagas" (1987): a saga with one point of no return
 */
export const migrate = defineOperation({
  kind: "migrate",
  input: migrateRequestSchema,
  request: migrateRequestSchema,
  prepare: async (input) => input,
  states: { migrate: { ACTIVE: "MIGRATING" } },
  during: "MIGRATING",
  isLong: true,
  judge: ({ cluster, request, store, options }) => judgeMove(options, store, cluster, request),
  steps: [
    {
      name: "reserve",
      undoes: true,
      async run(run) {
        await refuseUnmovable(run);
        const { activeStack: from, target } = run.cluster;
        const fromContext = (await run.record())?.place?.context;
        return toJson(reservedSchema.parse({ from, fromTarget: target, fromContext, stack: await run.claimStack() }));
      },
      undo: releaseName,
    },
    {
      // From here on the stack rejects updates and destroys by other programs.
      name: "open",
      undoes: true,
      run: async (run) => (await portsOf(run)).source.open(),
      undo: async (run) => (await portsOf(run)).source.close(),
    },
    {
      name: "prepare",
      undoes: true,
      async run(run) {
        const { source, destination } = await portsOf(run);
        await destination.prepare(replicasSchema.parse(run.detail("open")));
        return { changedSince: await destination.preload(await source.control()) };
      },
      undo: async (run) => (await portsOf(run)).destination.discard(),
    },
    {
      name: "quiesce",
      undoes: true,
      run: async (run) => ({ quietSince: await (await portsOf(run)).source.quiesce() }),
      undo: async (run) => (await portsOf(run)).source.resume(),
    },
    {
      name: "fence",
      undoes: true,
      run: async (run) => void (await (await portsOf(run)).source.fence()),
      undo: async (run) => (await portsOf(run)).source.unfence(),
    },
    {
      name: "transfer",
      undoes: true,
      async run(run) {
        const { source, destination } = await portsOf(run);
        const { changedSince } = preparedSchema.parse(run.detail("prepare"));
        return { roots: await destination.import({ ...(await source.export()), changedSince }) };
      },
    },
    {
      name: "verify",
      undoes: true,
      async run(run) {
        const { roots } = rootsSchema.parse(run.detail("transfer"));
        await (await portsOf(run)).destination.verify(roots);
        return { states: Object.keys(roots).length };
      },
    },
    {
      // The point of no return: the row decides, whichever process was killed.
      name: "commit",
      final: true,
      async run(run) {
        const { from, stack } = reservedSchema.parse(run.detail("reserve"));
        await run.activate(from, stack);
        return undefined;
      },
    },
    {
      name: "activate",
      final: true,
      async run(run) {
        const { quietSince } = momentsSchema.parse(run.detail("quiesce"));
        const pauses = await (await portsOf(run)).destination.activate(quietSince);
        const summary = summarizePauses(pauses);
        if (summary !== undefined) run.note(describePauses(summary));
        return toJson({ pauses, summary });
      },
    },
    { name: "retire", final: true, run: async (run) => void (await (await portsOf(run)).source.retire()) },
    { name: "settle", final: true, run: async (run) => void (await (await portsOf(run)).destination.settle()) },
  ],
});

async function portsOf(run: Run): Promise<{ readonly source: SourcePort; readonly destination: DestinationPort }> {
  const { to } = migrateRequestSchema.parse(run.operation.wishAfter);
  const { from, fromTarget, stack } = reservedSchema.parse(run.detail("reserve"));
  const location = { target: to.target, context: to.context };
  const here = planOf(run.cluster, { stack: from, target: fromTarget });
  const there = planOf(run.cluster, { stack, target: to.target });
  return {
    source: stackSource(run, from, { stack, words: describeTarget(to) }),
    destination: stackDestination(run, { stack, location, mapping: mapInstances(here, there) }),
  };
}

/** Releases the claimed stack name, including one whose runner was killed before it recorded the claim. */
async function releaseName(run: Run): Promise<void> {
  const reserved = reservedSchema.safeParse(run.detail("reserve")).data;
  if (reserved !== undefined) return run.releaseStack(reserved.stack);
  for (const stack of await run.otherStacks()) {
    if ((await run.record(stack)) === undefined) await run.releaseStack(stack);
  }
}

function describePauses({
  instances,
  p50Ms,
  p95Ms,
  longestMs,
}: NonNullable<ReturnType<typeof summarizePauses>>): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return `${instances} instances paused: p50 ${seconds(p50Ms)}, p95 ${seconds(p95Ms)}, longest ${seconds(longestMs)}`;
}
