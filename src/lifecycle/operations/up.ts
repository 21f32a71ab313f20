import { z } from "zod";
import { type BlueprintSource, parseSource, readSource } from "../../blueprint/load.ts";
import { type TargetKind, targetKinds } from "../../blueprint/model.ts";
import { requireTargetPackages } from "../../components/target-packages.ts";
import { desiredStatePatchSchema } from "../../plan/desired-state.ts";
import { pinsSchema } from "../../plan/pins.ts";
import type { LifecycleState } from "../../store/clusters.ts";
import { awaitStart } from "../await-start.ts";
import { defineOperation, type Judged } from "../executor/definition.ts";
import type { Run } from "../run.ts";
import { planOf } from "../source.ts";
import { refuseOtherFolder } from "./refuse-other-folder.ts";
import { refuseSize } from "./refuse-size.ts";

export const sourceSchema = z.object({ file: z.string(), text: z.string() });

/** The request of `up`; the journal keeps the blueprint's text, so that a resume needs no file. */
const upRequestSchema = z.object({
  source: sourceSchema,
  target: z.enum(targetKinds).optional(),
  change: desiredStatePatchSchema,
  /** Expiry of the created or renewed environment, in milliseconds since the epoch. */
  environmentUntil: z.number().optional(),
});

/** The caller's input: a file, or its text. */
const upInputSchema = z.object({
  file: z.string().optional(),
  source: sourceSchema.optional(),
  target: z.enum(targetKinds).optional(),
  change: desiredStatePatchSchema,
  environmentUntil: z.number().optional(),
});

/** The cluster before the operation. */
const beforeSchema = z.object({
  counts: z.record(z.string(), z.number()),
  pins: pinsSchema.default({}),
  source: sourceSchema.nullable(),
});

const asked = {
  input: upInputSchema,
  request: upRequestSchema,
  async prepare({ file, source, ...rest }: z.output<typeof upInputSchema>) {
    return { ...rest, source: source ?? (await readValid(file ?? "", rest.target)) };
  },
  judge: async ({ cluster, request }: Judged<z.output<typeof upRequestSchema>>) => {
    const { source, target, change, environmentUntil } = request;
    refuseSize(parseSource(source, { target }), change.targetWorkers);
    // Each checkout of CI is another folder of the same blueprint.
    if (change.replaceBlueprint !== true && environmentUntil === undefined) refuseOtherFolder(cluster, source);
  },
  applies: ({ source, target }: z.output<typeof upRequestSchema>) => ({ source, target }),
  environmentUntil: ({ environmentUntil }: z.output<typeof upRequestSchema>) => environmentUntil,
  records: ({ source }: z.output<typeof upRequestSchema>) => ({
    blueprintFile: source.file,
    blueprintText: source.text,
  }),
};

/** Creates a cluster; a failed one can be resumed or rolled back. On a cluster that has run before it is an update. */
export const spawn = defineOperation({
  ...asked,
  kind: "spawn",
  states: { spawn: { PLANNING: "SPAWNING", SPAWNING: "SPAWNING", FAILED: "SPAWNING" } },
  during: "SPAWNING",
  creates: true,
  onExisting: "update",
  requestIn: spawnOrUpdate,
  steps: [
    {
      name: "update",
      run: bringUp,
      undo: async (run) => void (await run.destroy()),
    },
  ],
});

/** Updates the blueprint and the size of a cluster. */
export const update = defineOperation({
  ...asked,
  kind: "update",
  states: {
    update: { ACTIVE: "ACTIVE", SCALING_UP: "ACTIVE", SCALING_DOWN: "ACTIVE", HIBERNATED: "HIBERNATED" },
  },
  during: "ACTIVE",
  requestIn: spawnOrUpdate,
  steps: [{ name: "update", run: bringUp, undo: goBack }],
});

function spawnOrUpdate(status: LifecycleState): string {
  return status === "PLANNING" || status === "SPAWNING" || status === "FAILED" ? "spawn" : "update";
}

/** Reads a valid blueprint and checks the packages of its target. @throws SwarmError SW500, SW802, and as `requireTargetPackages` */
async function readValid(file: string, target: TargetKind | undefined): Promise<BlueprintSource> {
  const source = await readSource(file);
  refuseInvalid(source, target);
  return source;
}

/** Checks a blueprint and the packages of its target. @throws SwarmError SW500, and as `requireTargetPackages` */
export function refuseInvalid(source: BlueprintSource, target: TargetKind | undefined): void {
  requireTargetPackages(parseSource(source, { target }).cluster.target.kind);
}

/** Restores the blueprint, replicas and pins from before the operation. */
export async function goBack(run: Run): Promise<void> {
  const { counts, pins: before, source } = beforeSchema.parse(run.operation.wishBefore);
  const pins = Object.fromEntries(Object.keys(counts).map((key) => [key, before[key] ?? null]));
  await run.update({ counts, pins, replaceBlueprint: true }, { source: source ?? undefined });
}

async function bringUp(run: Run) {
  const { source, target, change } = upRequestSchema.parse(run.operation.wishAfter);
  const { changes } = await run.update(change, { source });
  await awaitStart(run, planOf(run.cluster, { source, ...(target !== undefined && { target }) }));
  return { changes: { ...changes } };
}
