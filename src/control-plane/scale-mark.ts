import { z } from "zod";

/**
 * Annotation of a workload whose count this package wrote, written in the same request as the count. When the annotation
 * names another count, another client has changed it since.
 */
export const markAnnotation = "swarmstack.dev/scale";

const markSchema = z.object({
  uid: z.string(),
  generation: z.number(),
  replicas: z.number(),
  /** Sequence number of the last write without the engine; rises within a generation. */
  seq: z.number().exactOptional(),
  /** A person set the count; `untilMs` is in milliseconds since the epoch. */
  pin: z.object({ untilMs: z.number().exactOptional() }).exactOptional(),
});

/** The cluster and the generation of its desired state that wrote a count. */
export type Mark = z.infer<typeof markSchema>;

/** The desired count of a workload. */
export interface DesiredReplicas {
  readonly uid: string;
  readonly generation: number;
  readonly replicas: number;
  /** Range of the agent; without a lower end, zero. */
  readonly min?: number;
  readonly max: number;
  /** The cluster hibernates: any recorded count is overwritten. */
  readonly asleep: boolean;
  /** A person set the count. */
  readonly pin?: Mark["pin"];
}

/** Writer of the live count: this package, another client since then, or another client before the first write. */
export type Writer = "ours" | "other" | "earlier";

export function writerOf(live: number, mark: Mark | undefined, uid: string): Writer {
  if (mark === undefined || mark.uid !== uid) return "earlier";
  return mark.replicas === live ? "ours" : "other";
}

export function parseMark(text: string | undefined): Mark | undefined {
  if (text === undefined) return undefined;
  try {
    return markSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * The mark to write, with the count that belongs to it.
 *
 * A newer generation of our own stays: the fast path wrote it, without the engine. A count that an earlier owner left (an
 * autoscaler that the blueprint no longer names) is adopted without stopping anything, until another count is requested.
 * Anything else is drift and is repaired.
 *
 * @param asked whether the requested count differs from the previous one
 */
export function nextMark(live: number, mark: Mark | undefined, desired: DesiredReplicas, asked: boolean): Mark {
  const { uid, generation, replicas, min = 0, max, asleep } = desired;
  if (asleep) return { uid, generation, replicas: 0 };
  const pin = desired.pin && { pin: desired.pin };
  switch (writerOf(live, mark, uid)) {
    case "ours": {
      const newer = mark !== undefined && mark.generation > generation;
      if (!newer && asked) return { uid, generation, replicas, ...pin };
      const seq = mark?.seq === undefined ? {} : { seq: mark.seq };
      return {
        uid,
        generation: newer ? mark.generation : generation,
        replicas: Math.min(Math.max(live, min), max),
        ...seq,
        ...pin,
      };
    }
    case "earlier":
      return { uid, generation, replicas: Math.min(Math.max(live, replicas), max), ...pin };
    case "other":
      return { uid, generation, replicas, ...pin };
  }
}

/** A count that an autoscaler writes without the engine. */
export interface FastReplicas {
  readonly uid: string;
  /** Generation of the desired state that it was decided for. */
  readonly generation: number;
  readonly seq: number;
  readonly replicas: number;
}

export type FastMark =
  | { readonly ok: true; readonly mark: Mark }
  | { readonly ok: false; readonly because: "moved-on" | "pinned"; readonly reason: string };

/** The mark of a write without the engine: it keeps the generation of the last one with it. */
export function fastMark(live: number, mark: Mark | undefined, fast: FastReplicas, nowMs: number): FastMark {
  const { uid, generation, seq, replicas } = fast;
  if (mark === undefined || mark.uid !== uid) return movedOn("no update of this cluster has written its count");
  if (mark.replicas !== live) {
    return { ok: false, because: "pinned", reason: `another client set ${live}; this package wrote ${mark.replicas}` };
  }
  if (mark.generation > generation) return movedOn(`its generation is ${mark.generation}, not ${generation}`);
  if (mark.seq !== undefined && mark.seq >= seq) return movedOn(`write ${mark.seq} came before write ${seq}`);
  if (mark.pin !== undefined && (mark.pin.untilMs ?? Number.POSITIVE_INFINITY) > nowMs) {
    return { ok: false, because: "pinned", reason: "a person set its count" };
  }
  return { ok: true, mark: { ...mark, replicas, seq } };
}

function movedOn(reason: string): FastMark {
  return { ok: false, because: "moved-on", reason };
}
