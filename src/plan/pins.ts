import { z } from "zod";

/** A person set the count of an agent: no autoscaler changes it. */
export interface Pin {
  /** Who set it, e.g. "ada@laptop". */
  readonly by: string;
  /** Milliseconds since the epoch; undefined: until it is lifted. */
  readonly until?: number | undefined;
}

/** By agent. */
export type Pins = Readonly<Record<string, Pin>>;

/** By agent; null lifts a pin. */
export type PinChanges = Readonly<Record<string, Pin | null>>;

const pinSchema: z.ZodType<Pin> = z.object({ by: z.string(), until: z.number().optional() });
export const pinsSchema: z.ZodType<Pins> = z.record(z.string(), pinSchema);
export const pinChangesSchema: z.ZodType<PinChanges, PinChanges> = z.record(
  z.string(),
  z.object({ by: z.string(), until: z.number().optional() }).nullable(),
);

/** Applies changes of pins; drops those of removed agents. Returns the same object if nothing changes. */
export function changePins(
  old: Pins | undefined,
  changes: PinChanges | undefined,
  agents: readonly { readonly key: string }[],
): Pins | undefined {
  const next = agents.flatMap(({ key }) => {
    const pin = changes?.[key] === undefined ? old?.[key] : changes[key];
    return pin === undefined || pin === null ? [] : [[key, pin] as const];
  });
  const isSame =
    next.length === Object.keys(old ?? {}).length &&
    next.every(([key, { by, until }]) => old?.[key]?.by === by && old[key].until === until);
  if (isSame) return old;
  return next.length === 0 ? undefined : Object.fromEntries(next);
}

const recordedSchema = z.object({ pins: pinsSchema.optional() }).catch({});

/** Reads the pins from the recorded desired state of a cluster's row. */
export function recordedPins(desired: unknown): Pins {
  return recordedSchema.parse(desired).pins ?? {};
}
