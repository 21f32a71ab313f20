import type { Path } from "../blueprint/source/tree.ts";
import type { Trigger } from "../blueprint/who-scales.ts";
import type { AgentPlan, Plan } from "./plan.ts";

/** An API that is not part of Kubernetes, but served by a project installed in the control plane. */
export interface ExtensionApi {
  readonly group: string;
  readonly version: string;
  /** Kind that resources need; undefined: an API that only Kubernetes controllers use. */
  readonly kind: string | undefined;
  /** Project that serves it. */
  readonly project: string;
  readonly install: string;
  /** Change of the blueprint that avoids it. */
  readonly instead: string;
}

const keda: ExtensionApi = {
  group: "keda.sh",
  version: "v1alpha1",
  kind: "ScaledObject",
  project: "KEDA",
  install: "helm install keda kedacore/keda --namespace keda --create-namespace",
  instead: "write owner: swarmstack, or leave scaling.owner out",
};

const karpenter: ExtensionApi = {
  group: "karpenter.sh",
  version: "v1",
  kind: "NodePool",
  project: "Karpenter",
  install: "install Karpenter as https://karpenter.sh/docs/ describes for the provider of the nodes",
  instead: "leave spot out of the GPU pool: its agents then run on nodes that are there",
};

const cilium: ExtensionApi = {
  group: "cilium.io",
  version: "v2",
  kind: "CiliumNetworkPolicy",
  project: "Cilium",
  install: "cilium install",
  instead: "leave cluster.network.provider out: a proxy then enforces the host names",
};

const metrics: ExtensionApi = {
  group: "metrics.k8s.io",
  version: "v1beta1",
  kind: undefined,
  project: "metrics-server",
  install:
    "kubectl apply -f https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml",
  instead: "write owner: swarmstack",
};

const customMetrics: ExtensionApi = {
  group: "custom.metrics.k8s.io",
  version: "v1beta1",
  kind: undefined,
  project: "an adapter such as prometheus-adapter",
  install: "helm install prometheus-adapter prometheus-community/prometheus-adapter --namespace monitoring",
  instead: "write owner: swarmstack",
};

const externalMetrics: ExtensionApi = { ...customMetrics, group: "external.metrics.k8s.io" };

export const extensionApis: readonly ExtensionApi[] = [
  karpenter,
  keda,
  cilium,
  metrics,
  customMetrics,
  externalMetrics,
];

/** An extension API that a plan needs, and the keys of the blueprint that need it, most specific first. */
export interface RequiredApi {
  readonly api: ExtensionApi;
  readonly keys: readonly Path[];
}

/** Metrics API from which an HPA reads a trigger. */
const metricsOf: Readonly<Partial<Record<Trigger, ExtensionApi>>> = {
  "cpu-utilization": metrics,
  "pods-metric": customMetrics,
  "external-metric": externalMetrics,
};

/** The extension APIs that a plan needs of an existing control plane, without duplicates, each with the first key that needs it. */
export function requiredApis({
  agents,
  gpuPools,
  network,
}: Pick<Plan, "agents" | "gpuPools" | "network">): readonly RequiredApi[] {
  const found = new Map<ExtensionApi, RequiredApi>();
  const need = (api: ExtensionApi, ...keys: readonly Path[]) => {
    if (!found.has(api)) found.set(api, { api, keys });
  };
  for (const [index, { groups }] of gpuPools.entries()) {
    if (groups.some(({ kind }) => kind === "karpenter"))
      need(karpenter, ["gpu_pools", index, "spot"], ["gpu_pools", index]);
  }
  for (const [index, { scaling }] of agents.entries()) {
    if (scaling.kind === "keda") need(keda, ...scalingKeys(index));
    if (scaling.kind === "hpa") for (const api of metricsApis(scaling)) need(api, ...scalingKeys(index));
  }
  if (network.provider === "cilium" && network.egress !== undefined) need(cilium, ["cluster", "network", "provider"]);
  return [...found.values()];
}

/** An agent's own scaling replaces that of the cluster. */
function scalingKeys(agent: number): readonly Path[] {
  return [
    ["agents", agent, "scaling", "owner"],
    ["agents", agent, "scaling"],
    ["cluster", "scaling", "owner"],
    ["cluster", "scaling"],
  ];
}

function metricsApis({ signals }: Extract<AgentPlan["scaling"], { kind: "hpa" | "keda" }>): readonly ExtensionApi[] {
  return signals.flatMap(({ trigger }) => metricsOf[trigger] ?? []);
}

/** An extension API that a control plane lacks, with its position in the blueprint. */
export interface MissingApi {
  readonly api: ExtensionApi;
  /** `team.yaml:12:5`, or the path of the key. */
  readonly place: string;
}

/** Message about missing APIs; `hintsFor` parses the groups from it. */
export function lacks(server: string, missing: readonly MissingApi[]): string {
  const needs = missing.map(({ api, place }) => `${nameOf(api)}, which ${place} needs and ${api.project} serves`);
  return `the control plane ${server} lacks ${needs.join("; it lacks ")}`;
}

/** Hints to install or avoid each API in a message. */
export function hintsFor(message: string): readonly string[] {
  return extensionApis
    .filter((api) => message.includes(nameOf(api)))
    .flatMap(({ install, instead }) => [install, `or ${instead}`]);
}

function nameOf({ group, version, kind }: ExtensionApi): string {
  return kind === undefined ? `the API ${group}/${version}` : `the kind ${kind} of ${group}/${version}`;
}
