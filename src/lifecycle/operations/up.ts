import { z } from "zod";
import { loadBlueprint, readBlueprintFile } from "../../blueprint/load.ts";
import { type TargetKind, targetKinds } from "../../blueprint/model.ts";
import { requireTargetPackages } from "../../components/target-packages.ts";
import { desiredStatePatchSchema } from "../../plan/desired-state.ts";
import type { LifecycleState } from "../../store/clusters.ts";
import { defineOperation } from "../executor/definition.ts";
import type { BlueprintSource, Run } from "../run.ts";

const sourceSchema = z.object({ file: z.string(), text: z.string() });

/** What `up` asks for; the journal keeps it, so that whoever resumes needs no file. */
export const upRequestSchema = z.object({
  source: sourceSchema,
  target: z.enum(targetKinds).optional(),
  change: desiredStatePatchSchema,
  /** When the environment that it makes, or renews, ends; in milliseconds since the epoch. */
  environmentUntil: z.number().optional(),
});

/** What a caller gives: a file, or the text that was read from it. */
const upInputSchema = z.object({
  file: z.string().optional(),
  source: sourceSchema.optional(),
  target: z.enum(targetKinds).optional(),
  change: desiredStatePatchSchema,
  environmentUntil: z.number().optional(),
});

/** What a cluster was before its operation. */
const beforeSchema = z.object({
  counts: z.record(z.string(), z.number()),
  source: sourceSchema.nullable(),
});

const asked = {
  input: upInputSchema,
  request: upRequestSchema,
  async prepare({ file, source, ...rest }: z.output<typeof upInputSchema>) {
    const read = source ?? (await readValid(file ?? "", rest.target));
    return { ...rest, source: read };
  },
  environmentUntil: ({ environmentUntil }: z.output<typeof upRequestSchema>) => environmentUntil,
  records: ({ source }: z.output<typeof upRequestSchema>) => ({
    blueprintFile: source.file,
    blueprintText: source.text,
  }),
};

/** A new cluster: a failure leaves what there is to be resumed, or removed. On one that has been up it is an update. */
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

/** Another blueprint, or another size with it. */
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

/** The text of a blueprint that is valid, for a target whose packages are here. @throws SwarmError SW500, SW802, and as `requireTargetPackages` */
export async function readValid(file: string, target: TargetKind | undefined): Promise<BlueprintSource> {
  requireTargetPackages((await loadBlueprint(file, { target })).cluster.target.kind);
  return { file, text: await readBlueprintFile(file) };
}

export async function goBack(run: Run): Promise<void> {
  const { counts, source } = beforeSchema.parse(run.operation.wishBefore);
  await run.update({ counts, replaceBlueprint: true }, { source: source ?? undefined });
}

async function bringUp(run: Run) {
  const { source, change } = upRequestSchema.parse(run.operation.wishAfter);
  return { changes: { ...(await run.update(change, { source })).changes } };
}
