import { z } from "zod";
import { type Client, calling, unlessMissing } from "./client.ts";
import { type Mark, markAnnotation, parseMark } from "./scale-mark.ts";

export interface WorkloadName {
  readonly namespace: string;
  readonly kind: "Deployment" | "StatefulSet";
  readonly name: string;
}

const workloadSchema = z.object({
  metadata: z.object({
    resourceVersion: z.string(),
    generation: z.number(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({
    replicas: z.number(),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()).default({}) }),
    template: z.object({ spec: z.object({ terminationGracePeriodSeconds: z.number().default(30) }) }),
  }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      readyReplicas: z.number().default(0),
    })
    .prefault({}),
});

/** A Deployment or StatefulSet, as far as its count goes. */
export interface Workload {
  readonly replicas: number;
  readonly mark: Mark | undefined;
  readonly resourceVersion: string;
  readonly selector: string;
  /** The labels of the selector. */
  readonly labels: Readonly<Record<string, string>>;
  /** Longest time that a pod has to end. */
  readonly graceMs: number;
  /** From the workload's own annotation for waits, as the Kubernetes provider reads it. */
  readonly startTimeoutMs: number | undefined;
  readonly ready: number;
  /** The controller has seen this count, and there are as many pods, all of them ready. */
  readonly settled: boolean;
}

const apiVersion = "apps/v1";

/** Who writes counts, in the workload's managedFields. */
export const fieldManager = "swarmstack";

/** Undefined when there is none of that name. */
export async function readWorkload(client: Client, workload: WorkloadName): Promise<Workload | undefined> {
  const { kind, namespace, name } = workload;
  const found = await unlessMissing(
    calling(client, () => client.objects.read({ apiVersion, kind, metadata: { namespace, name } })),
  );
  return found === undefined ? undefined : parseWorkload(found);
}

/**
 * Writes a count and its mark in one request; `null` takes the mark off and leaves the count.
 *
 * Not through `/scale`: that would drop the annotation, and a count without its mark has no known writer.
 *
 * @throws ApiFailure 409 when the workload has changed since it was read
 */
export async function writeMark(
  client: Client,
  { kind, namespace, name }: WorkloadName,
  mark: Mark | null,
  resourceVersion: string,
): Promise<Workload> {
  const { PatchStrategy } = client.library;
  const annotations = { [markAnnotation]: mark === null ? null : JSON.stringify(mark) };
  const patch = {
    apiVersion,
    kind,
    metadata: { namespace, name, resourceVersion, annotations },
    ...(mark !== null && { spec: { replicas: mark.replicas } }),
  };
  const body: object = patch;
  return parseWorkload(
    await calling(client, () =>
      client.objects.patch(body, undefined, undefined, fieldManager, undefined, PatchStrategy.MergePatch),
    ),
  );
}

function parseWorkload(found: unknown): Workload {
  const { metadata, spec, status } = workloadSchema.parse(found);
  const timeoutSeconds = Number(metadata.annotations["pulumi.com/timeoutSeconds"]);
  const { observedGeneration, replicas, readyReplicas } = status;
  const asWanted = replicas === spec.replicas && readyReplicas === spec.replicas;
  return {
    replicas: spec.replicas,
    mark: parseMark(metadata.annotations[markAnnotation]),
    resourceVersion: metadata.resourceVersion,
    labels: spec.selector.matchLabels,
    selector: Object.entries(spec.selector.matchLabels)
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
    graceMs: spec.template.spec.terminationGracePeriodSeconds * 1000,
    startTimeoutMs: timeoutSeconds > 0 ? timeoutSeconds * 1000 : undefined,
    ready: readyReplicas,
    settled: observedGeneration >= metadata.generation && asWanted,
  };
}
