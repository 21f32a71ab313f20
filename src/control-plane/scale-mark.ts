import { z } from "zod";

/**
 * Annotation of a workload whose count this package wrote, written in the same request as the count. When the annotation
 * names another count, another client has changed it since.
 */
export const markAnnotation = "swarmstack.dev/scale";

const markSchema = z.object({ uid: z.string(), generation: z.number(), replicas: z.number() });

/** The cluster and the generation of its desired state that wrote a count. */
export type Mark = z.infer<typeof markSchema>;

/** The desired count of a workload. */
export interface DesiredReplicas {
  readonly uid: string;
  readonly generation: number;
  readonly replicas: number;
  /** Upper end of the agent's range. */
  readonly max: number;
  /** The cluster hibernates: any recorded count is overwritten. */
  readonly asleep: boolean;
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
  const { uid, generation, replicas, max, asleep } = desired;
  if (asleep) return { uid, generation, replicas: 0 };
  switch (writerOf(live, mark, uid)) {
    case "ours": {
      const newer = mark !== undefined && mark.generation > generation;
      if (!newer && asked) return { uid, generation, replicas };
      return { uid, generation: newer ? mark.generation : generation, replicas: Math.min(live, max) };
    }
    case "earlier":
      return { uid, generation, replicas: Math.min(Math.max(live, replicas), max) };
    case "other":
      return { uid, generation, replicas };
  }
}
