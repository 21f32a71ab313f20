import { z } from "zod";
import { parseSource } from "../../blueprint/load.ts";
import { type DesiredStatePatch, desiredStatePatchSchema } from "../../plan/desired-state.ts";
import { isScaledByUs } from "../../plan/scaling.ts";
import { toJson } from "../../store/json.ts";
import type { Operation } from "../../store/operations.ts";
import { awaitStart } from "../await-start.ts";
import { defineOperation, type Judged } from "../executor/definition.ts";
import { total } from "../records/cluster-repository.ts";
import type { Run } from "../run.ts";
import { planOf, sourceOf } from "../source.ts";
import { coalesce, type ScaleRequest, scaleRequestSchema, toPatch } from "./coalesce-scale.ts";
import { refuseSize } from "./refuse-size.ts";
import { goBack } from "./up.ts";

const coalescedSchema = z.object({
  change: desiredStatePatchSchema,
  /** The coalesced operations, without the one that runs. */
  operations: z.array(z.string()),
});

/** Scales a cluster: one update for all waiting requests. The resources drain removed instances first, also in a bare `pulumi up`. */
export const scale = defineOperation({
  kind: "scale",
  input: scaleRequestSchema,
  request: scaleRequestSchema,
  prepare: async (input) => input,
  states: {
    "scale-up": { ACTIVE: "SCALING_UP", SCALING_UP: "SCALING_UP", SCALING_DOWN: "SCALING_UP", FAILED: "SCALING_UP" },
    "scale-down": {
      ACTIVE: "SCALING_DOWN",
      SCALING_UP: "SCALING_DOWN",
      SCALING_DOWN: "SCALING_DOWN",
      FAILED: "SCALING_DOWN",
    },
  },
  during: "SCALING_UP",
  coalesces: true,
  // The direction is known after coalescing; both directions are allowed in the same states.
  requestIn: () => "scale-up",
  judge: refuseImpossible,
  steps: [
    { name: "fold", run: coalesceWaiting },
    {
      name: "update",
      run: async (run) => {
        const { change } = coalescedSchema.parse(run.detail("fold"));
        const { changes } = await run.update(change);
        await awaitStart(run, planOf(run.cluster));
        return { changes: { ...changes } };
      },
      undo: goBack,
    },
  ],
});

/** Rejects an impossible size before it is coalesced with other requests. @throws SwarmError SW608 */
async function refuseImpossible({ cluster, request }: Judged<ScaleRequest>): Promise<void> {
  if (cluster.blueprintText === null) return;
  const blueprint = parseSource(sourceOf(cluster));
  refuseSize(blueprint, toPatch(request, blueprint.agents).targetWorkers);
}

/** Coalesces the waiting operations, and those of killed runners, oldest first. */
async function coalesceWaiting(run: Run) {
  const asked = [...(await run.history("queued")), ...(await run.history("running"))].filter(isScale);
  const inOrder = asked.sort((a, b) => (a.id < b.id ? -1 : 1));
  const { agents } = parseSource(sourceOf(run.cluster));
  const request = coalesce(inOrder.map(({ wishAfter }) => scaleRequestSchema.parse(wishAfter)));
  const size = toPatch(request, agents);
  const change = { ...size, ...pinsOf(run, request, size) };
  const operations = inOrder.map(({ id }) => id).filter((id) => id !== run.operation.id);
  await run.claim(operations);
  const present = replicasSchema.parse(run.cluster.wish).counts;
  const after = change.targetWorkers ?? total({ ...present, ...change.counts });
  await run.enter(after < total(present) ? "scale-down" : "scale-up");
  return toJson({ change, operations });
}

/** The pins of the requested counts, for agents that our autoscaler may scale. */
function pinsOf(
  run: Run,
  { pin }: ScaleRequest,
  { targetWorkers, counts = {} }: DesiredStatePatch,
): Pick<DesiredStatePatch, "pins"> {
  if (pin === undefined) return {};
  const { agents } = planOf(run.cluster);
  const set = agents.filter(
    ({ key, scaling }) => isScaledByUs(scaling) && (targetWorkers !== undefined || key in counts),
  );
  if (set.length === 0) return {};
  return { pins: Object.fromEntries(set.map(({ key }) => [key, { by: run.operation.actor, ...pin }])) };
}

const replicasSchema = z.object({ counts: z.record(z.string(), z.number()) });

function isScale({ kind }: Operation): boolean {
  return kind === "scale";
}
