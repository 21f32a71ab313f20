import { z } from "zod";
import { labelKeys } from "../names.ts";
import { numberAt, textAt } from "../platform/json.ts";
import { type Client, type Connection, connect } from "./client.ts";
import { unlessMissing } from "./failure.ts";
import { listAll } from "./list.ts";
import { appsPath } from "./paths.ts";
import { type Mark, markAnnotation, parseMark } from "./scale-mark.ts";
import { type WatchEvent, watchObjects } from "./watch.ts";

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

/** The properties of a Deployment or StatefulSet that concern its count. */
export interface Workload {
  readonly replicas: number;
  readonly mark: Mark | undefined;
  readonly resourceVersion: string;
  readonly selector: string;
  /** The labels of the selector. */
  readonly labels: Readonly<Record<string, string>>;
  /** Termination grace period of a pod. */
  readonly graceMs: number;
  /** From the workload's annotation for waits, as the Kubernetes provider reads it. */
  readonly startTimeoutMs: number | undefined;
  readonly ready: number;
  /** The controller has observed this count, and all pods are ready. */
  readonly settled: boolean;
}

/** Field manager that writes counts. */
export const fieldManager = "swarmstack";

/** Reads a workload; undefined if it does not exist. */
export async function readWorkload({ api }: Client, workload: WorkloadName): Promise<Workload | undefined> {
  const found = await unlessMissing(api.request({ method: "GET", path: workloadPath(workload) }));
  return found === undefined ? undefined : parseWorkload(found.body);
}

/**
 * Writes a count and its mark in one request; `null` removes the mark and keeps the count.
 *
 * Does not use `/scale`, which would drop the annotation: a count without its mark has no known writer.
 *
 * @throws ApiFailure 409 when the workload has changed since it was read
 */
export async function writeMark(
  { api }: Client,
  workload: WorkloadName,
  mark: Mark | null,
  resourceVersion: string,
): Promise<Workload> {
  const annotations = { [markAnnotation]: mark === null ? null : JSON.stringify(mark) };
  const body = {
    metadata: { resourceVersion, annotations },
    ...(mark !== null && { spec: { replicas: mark.replicas } }),
  };
  const { body: written } = await api.request({
    method: "PATCH",
    path: workloadPath(workload),
    query: { fieldManager },
    body,
    contentType: "application/merge-patch+json",
  });
  return parseWorkload(written);
}

const plurals: Readonly<Record<WorkloadName["kind"], string>> = {
  Deployment: "deployments",
  StatefulSet: "statefulsets",
};

const workloadPath = ({ namespace, kind, name }: WorkloadName) => appsPath(namespace, plurals[kind], name);

/** Changes of a workload after a resource version, until the server ends the watch. */
export function watchWorkload(
  { api }: Client,
  { namespace, kind, name }: WorkloadName,
  resourceVersion: string | undefined,
  signal: AbortSignal,
): AsyncIterable<WatchEvent> {
  const path = appsPath(namespace, plurals[kind]);
  return watchObjects(api, { path, fieldSelector: `metadata.name=${name}`, resourceVersion, signal });
}

/** Parses a workload returned by the API server. */
export function parseWorkload(found: unknown): Workload {
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

/**
 * Names of a cluster's StatefulSets that have pods; none if its namespace does not exist yet.
 *
 * @param cluster as in their label
 * @throws SwarmError SW612 if the control plane does not answer, ApiFailure 403 without permission to list sets
 */
export async function setsWithPods(
  connection: Connection,
  namespace: string,
  cluster: string,
): Promise<ReadonlySet<string>> {
  const { api } = await connect(connection);
  const labelSelector = `${labelKeys.cluster}=${cluster}`;
  const { items } = await listAll(api, { path: appsPath(namespace, "statefulsets"), labelSelector });
  const running = items.filter((set) => (numberAt(set, "status", "replicas") ?? 0) > 0);
  return new Set(running.flatMap((set) => textAt(set, "metadata", "name") ?? []));
}
