import { z } from "zod";
import type { Client } from "../../control-plane/client.ts";
import { ApiFailure } from "../../control-plane/failure.ts";
import { listAll } from "../../control-plane/list.ts";
import type { MeasuredUsage } from "../driver.ts";

const podMetricsSchema = z.object({
  metadata: z.object({ name: z.string() }),
  timestamp: z.iso.datetime({ offset: true }).optional().catch(undefined),
  containers: z.array(
    z.object({ name: z.string(), usage: z.object({ cpu: z.string().optional(), memory: z.string().optional() }) }),
  ),
});

const factors: Readonly<Record<string, number>> = {
  ...{ "": 1, n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};

/** Parses a quantity such as "250m" or "12Mi"; undefined if invalid. */
export function parseQuantity(text: string | undefined): number | undefined {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(text ?? "") ?? [];
  const factor = factors[unit];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}

/** Usage of a pod's container, from an object of metrics.k8s.io; unknown values are omitted. */
export function podUsage(metrics: unknown, container: string): readonly [string, MeasuredUsage] | undefined {
  const { data } = podMetricsSchema.safeParse(metrics);
  const usage = data?.containers.find(({ name }) => name === container)?.usage;
  if (data === undefined || usage === undefined) return undefined;
  const [cpu, memoryBytes] = [parseQuantity(usage.cpu), parseQuantity(usage.memory)];
  const at = data.timestamp === undefined ? undefined : Date.parse(data.timestamp);
  return [
    data.metadata.name,
    {
      ...(cpu !== undefined && { cpu }),
      ...(memoryBytes !== undefined && { memoryBytes }),
      ...(at !== undefined && { at }),
    },
  ];
}

/**
 * Usage by pod, from the metrics API; undefined if the control plane does not serve or permit it.
 * @throws SwarmError SW612 when the control plane does not answer
 */
export async function podUsages(
  { api }: Client,
  {
    namespace,
    selector,
    container,
  }: { readonly namespace: string; readonly selector: string; readonly container: string },
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, MeasuredUsage> | undefined> {
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${encodeURIComponent(namespace)}/pods`;
  try {
    const { items } = await listAll(api, { path, labelSelector: selector, ...(signal && { signal }) });
    return new Map(items.flatMap((item) => [podUsage(item, container)].filter((one) => one !== undefined)));
  } catch (error) {
    if (error instanceof ApiFailure && [403, 404, 503].includes(error.status)) return undefined;
    throw error;
  }
}
