import { z } from "zod";

/**
 * Annotation of a workload whose count we wrote, changed in the same request as the count: an annotation that names another
 * count is one that somebody else has changed since.
 */
export const markAnnotation = "swarmstack.dev/scale";

const markSchema = z.object({ uid: z.string(), generation: z.number(), replicas: z.number() });

/** Which wish of which cluster wrote a count. */
export type Mark = z.infer<typeof markSchema>;

/** The count that a wish has for a workload. */
export interface DesiredReplicas {
  readonly uid: string;
  readonly generation: number;
  readonly replicas: number;
  /** Upper end of the agent's range. */
  readonly max: number;
  /** The cluster hibernates: nothing that anybody wrote holds. */
  readonly asleep: boolean;
}

/** Who wrote the count that is there: we, somebody else since we did, or somebody before we ever did. */
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
 * A newer generation of ours stays: it was written on the fast path, past the engine. What an earlier owner left (an
 * autoscaler that the blueprint no longer names) is taken over without stopping anything, until a wish asks for another count.
 * Anything else is drift, and is repaired.
 *
 * @param asked whether the wish asks for another count than the last time
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
