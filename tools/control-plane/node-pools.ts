import type { V1Node } from "@kubernetes/client-node";
import { parse } from "yaml";
import { z } from "zod";
import { findGpu, migResource } from "../../src/catalog/gpus.ts";

const taint = z.strictObject({
  key: z.string(),
  value: z.string().exactOptional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});

const pool = z.strictObject({
  name: z.string(),
  count: z.int().min(0),
  labels: z.record(z.string(), z.string()).default({}),
  /** Capacity besides cpu, memory, pods and GPUs. */
  capacity: z.record(z.string(), z.string()).default({}),
  taints: z.array(taint).default([]),
  /**
   * A GPU by its name in blueprints, and the number of GPUs in a node; labels, capacity and taint are those of
   * NVIDIA's GPU operator.
   */
  gpu: z
    .strictObject({
      name: z.string().refine((name) => findGpu(name) !== undefined, "not a GPU of the catalog"),
      count: z.int().min(1),
      /** Slices of a node by profile; partitioned GPUs do not count as whole ones. */
      mig: z.record(z.string(), z.int().min(1)).optional(),
    })
    .optional(),
  /** Time from the node's creation until it is ready. */
  startUpMs: z.int().min(0).default(0),
});

const file = z.strictObject({ pools: z.array(pool) });

/** A pool of identical nodes, as in a file or a test. */
export type NodePool = z.input<typeof pool>;

/** Reads a file of node pools (YAML). */
export function readNodePools(text: string): readonly NodePool[] {
  return file.parse(parse(text)).pools;
}

const machine = { cpu: "64", memory: "512Gi", "ephemeral-storage": "500Gi", pods: "110" };

/** The initial condition set by a kubelet; without it the node would count as ready. */
const starting = { type: "Ready", status: "False", reason: "KubeletNotReady", message: "the node is starting" };

/** The nodes of a pool; kwok simulates their kubelets. */
export function nodesOf(input: NodePool): readonly V1Node[] {
  const { name, count, labels, capacity, taints, gpu, startUpMs } = pool.parse(input);
  const gpus = gpu === undefined ? noGpus : gpuNode(gpu);
  const resources = { ...machine, ...gpus.capacity, ...capacity };
  return Array.from({ length: count }, (_, index) => {
    const node = `${name}-${index}`;
    return {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: node,
        labels: {
          "kubernetes.io/hostname": node,
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": "amd64",
          type: "kwok",
          ...gpus.labels,
          ...labels,
        },
        annotations: { "kwok.x-k8s.io/node": "fake", "swarmstack.dev/start-up-time": `${startUpMs}ms` },
      },
      spec: { taints: [...gpus.taints, ...taints] },
      status: { capacity: resources, allocatable: resources, conditions: [{ ...starting }] },
    } satisfies V1Node;
  });
}

interface Gpus {
  readonly labels: Readonly<Record<string, string>>;
  readonly capacity: Readonly<Record<string, string>>;
  readonly taints: readonly z.output<typeof taint>[];
}

const noGpus: Gpus = { labels: {}, capacity: {}, taints: [] };

function gpuNode({
  name,
  count,
  mig,
}: {
  name: string;
  count: number;
  mig?: Record<string, number> | undefined;
}): Gpus {
  const family = findGpu(name);
  if (family === undefined) throw new TypeError(`${name} is not in the catalog`);
  const slices = Object.entries(mig ?? {}).map(([profile, slicesANode]) => [migResource(profile), String(slicesANode)]);
  return {
    labels: {
      "nvidia.com/gpu.present": "true",
      "nvidia.com/gpu.product": family.products[0] ?? "",
      "nvidia.com/gpu.count": String(count),
      "nvidia.com/gpu.memory": String(family.memoryGib * 1024),
    },
    capacity: mig === undefined ? { [family.resource]: String(count) } : Object.fromEntries(slices),
    taints: [{ key: family.resource, value: "true", effect: "NoSchedule" }],
  };
}
