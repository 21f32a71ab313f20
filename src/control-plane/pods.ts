import { z } from "zod";
import type { Client } from "./client.ts";
import { costAnnotation } from "./deletion-cost.ts";
import { listAll } from "./list.ts";
import { namespacePath } from "./paths.ts";

const containerStateSchema = z.object({
  running: z.object({ startedAt: z.string().optional() }).optional(),
  waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
  terminated: z
    .object({ exitCode: z.number(), signal: z.number().optional(), startedAt: z.string().nullish() })
    .optional(),
});

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string().default(""),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({ nodeName: z.string().optional() }).prefault({}),
  status: z
    .object({
      phase: z.string().optional(),
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), message: z.string().optional() }))
        .default([]),
      containerStatuses: z
        .array(
          z.object({
            name: z.string(),
            restartCount: z.number().default(0),
            started: z.boolean().optional(),
            state: containerStateSchema.prefault({}),
            lastState: containerStateSchema.prefault({}),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

/** The used part of a pod as the API server returns it; times are strings. */
export type Pod = z.infer<typeof podSchema>;
export type ContainerStatus = Pod["status"]["containerStatuses"][number];

export const parsePod = (found: unknown): Pod => podSchema.parse(found);

/** A pod of a workload. */
export interface PodFacts {
  readonly name: string;
  readonly ready: boolean;
  /** It is terminating. */
  readonly ending: boolean;
  /** A scale-in of a Deployment removes lower costs first (src/control-plane/deletion-cost.ts). */
  readonly deletionCost: number;
  /** Why it is not ready, if Kubernetes reports it. */
  readonly reason: string | undefined;
}

export interface PodList {
  readonly pods: readonly Pod[];
  /** Start of a subsequent watch. */
  readonly resourceVersion: string | undefined;
}

/** Lists pods. @param selector labels such as "a=b,c=d" */
export async function listPods(
  { api }: Client,
  namespace: string,
  selector: string,
  signal?: AbortSignal,
): Promise<PodList> {
  const { items, resourceVersion } = await listAll(api, {
    path: namespacePath(namespace, "pods"),
    labelSelector: selector,
    ...(signal && { signal }),
  });
  return { pods: items.map(parsePod), resourceVersion };
}

export function factsOf({ metadata, status }: Pod): PodFacts {
  const condition = (type: string) => status.conditions.find((one) => one.type === type);
  const waiting = status.containerStatuses.flatMap(({ state }) => state.waiting ?? [])[0];
  const scheduled = condition("PodScheduled");
  return {
    name: metadata.name,
    ready: condition("Ready")?.status === "True",
    ending: metadata.deletionTimestamp !== undefined,
    deletionCost: Number(metadata.annotations[costAnnotation] ?? 0),
    reason: scheduled?.status === "False" ? scheduled.message : (waiting?.message ?? waiting?.reason),
  };
}
