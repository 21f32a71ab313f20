import { z } from "zod";
import { targetKinds } from "../../blueprint/model.ts";
import { wishChangeSchema } from "../../plan/wish.ts";
import type { Json } from "../../store/json.ts";
import type { Run, Step } from "../run.ts";

const sourceSchema = z.object({ file: z.string(), text: z.string() });

/** What `up` asks for; the journal keeps it, so that whoever resumes needs no file. */
export const upWishSchema = z.object({
  source: sourceSchema,
  target: z.enum(targetKinds).optional(),
  change: wishChangeSchema,
  /** When the environment that it makes, or renews, ends; in milliseconds since the epoch. */
  environmentUntil: z.number().optional(),
});

/** Undefined for what makes no environment. */
export function environmentUntilOf(wish: Json): number | undefined {
  return upWishSchema.safeParse(wish).data?.environmentUntil;
}

/** What a cluster was before its operation. */
const beforeSchema = z.object({
  counts: z.record(z.string(), z.number()),
  source: sourceSchema.nullable(),
});

/** A new cluster: a failure leaves what there is to be resumed, or removed. */
export const spawn: readonly Step[] = [
  {
    name: "update",
    run: bringUp,
    undo: async (run) => void (await run.destroy()),
  },
];

/** Another blueprint, or another size with it. */
export const update: readonly Step[] = [{ name: "update", run: bringUp, undo: goBack }];

export async function goBack(run: Run): Promise<void> {
  const { counts, source } = beforeSchema.parse(run.operation.wishBefore);
  await run.update({ counts, replaceBlueprint: true }, { source: source ?? undefined });
}

async function bringUp(run: Run) {
  const { source, change } = upWishSchema.parse(run.operation.wishAfter);
  return { changes: { ...(await run.update(change, { source })).changes } };
}
