import { isIP } from "node:net";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/index.js";
import type { networking } from "@pulumi/kubernetes/types/input.js";
import type { EgressRule } from "../../blueprint/model.ts";
import { isInside } from "../../blueprint/redis-route.ts";
import { agentApi } from "../../names.ts";
import { partName } from "../../part-name.ts";
import { cidrOf } from "../../plan/network.ts";
import type { Plan } from "../../plan/plan.ts";
import { createCiliumPolicy } from "./cilium.ts";
import { proxyPart } from "./egress-proxy.ts";
import { inNamespace, labelKeys, partSelector } from "./labels.ts";
import type { KubernetesScope } from "./scope.ts";

type Egress = networking.v1.NetworkPolicyEgressRule;
type Spec = networking.v1.NetworkPolicySpec;

/** Cloud metadata: it returns credentials of the node. */
const metadataService = "169.254.169.254/32";

/** All traffic is denied by default; then each rule allows one destination. */
export function createNetworkPolicies(scope: KubernetesScope): void {
  const { plan } = scope;
  const all = { matchLabels: { [labelKeys.cluster]: plan.resource } };
  createPolicy(scope, "deny", { podSelector: all, policyTypes: ["Ingress", "Egress"] });
  if (plan.network.provider === "cilium" && plan.network.egress !== undefined) createCiliumPolicy(scope);
  else
    createPolicy(scope, "agents", { podSelector: agentPods(plan), policyTypes: ["Egress"], egress: agentEgress(plan) });
  createPolicy(scope, agentApi.part, {
    podSelector: { matchLabels: partSelector(plan, agentApi.part) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: agentPods(plan) }], ports: [apiPort] }],
    egress: apiEgress(plan),
  });
  const { proxy } = plan.network;
  if (proxy === undefined) return;
  createPolicy(scope, "proxy", {
    podSelector: { matchLabels: partSelector(plan, proxyPart) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: agentPods(plan) }], ports: [{ protocol: "TCP", port: proxy.port }] }],
    egress: [dns(plan), ...hostPorts(plan.network.egress ?? [])],
  });
}

function createPolicy(scope: KubernetesScope, part: string, spec: Spec): void {
  const name = partName(scope.plan.resource, part);
  new NetworkPolicy(name, { metadata: inNamespace(scope, name), spec }, scope.options);
}

function agentPods({ resource }: Plan) {
  const agents = [{ key: labelKeys.agent, operator: "Exists" }];
  return { matchLabels: { [labelKeys.cluster]: resource }, matchExpressions: agents };
}

function agentEgress(plan: Plan): Egress[] {
  const { egress, proxy } = plan.network;
  if (egress === undefined) return [{}];
  const api = { to: [{ podSelector: { matchLabels: partSelector(plan, agentApi.part) } }], ports: [apiPort] };
  const rules: Egress[] = [dns(plan), api];
  for (const rule of egress) {
    if (rule.kind === "host") continue;
    const to = [{ ipBlock: { cidr: rule.cidr } }];
    rules.push(rule.port === undefined ? { to } : { to, ports: [{ protocol: "TCP", port: rule.port }] });
  }
  if (proxy !== undefined) {
    const to = [{ podSelector: { matchLabels: partSelector(plan, proxyPart) } }];
    rules.push({ to, ports: [{ protocol: "TCP", port: proxy.port }] });
  }
  return [...rules, ...redisEgress(plan)];
}

/** A Redis whose address is not in the plan can be anywhere. */
function apiEgress(plan: Plan): Egress[] {
  const { egress, redis } = plan.network;
  const toRedis = redisEgress(plan);
  if (egress === undefined || (redis !== undefined && toRedis.length === 0)) return [{}];
  return [dns(plan), ...controlPlane, ...toRedis];
}

const apiPort = { protocol: "TCP", port: agentApi.port };

/** No selector matches the control plane: it runs in no pod, or on the host's network. */
const controlPlane: readonly Egress[] = [443, 6443].map((port) => ({
  to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [metadataService] } }, { ipBlock: { cidr: "::/0" } }],
  ports: [{ protocol: "TCP", port }],
}));

function redisEgress({ network: { redis } }: Plan): Egress[] {
  if (redis?.kind !== "address") return [];
  const ports = [{ protocol: "TCP", port: redis.port }];
  if (isInside(redis.host)) return [{ to: [{ namespaceSelector: {} }], ports }];
  return isIP(redis.host) === 0 ? [] : [{ to: [{ ipBlock: { cidr: cidrOf(redis.host) } }], ports }];
}

/** Port 53 of the cluster's DNS. EKS Auto Mode resolves on the node itself, which no selector matches. */
function dns({ platform }: Plan): Egress {
  const ports = [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ];
  if ("aws" in platform && platform.aws.compute === "auto") return { ports };
  const to = [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
    // NodeLocal DNSCache.
    { ipBlock: { cidr: "169.254.20.10/32" } },
  ];
  return { to, ports };
}

function hostPorts(rules: readonly EgressRule[]): Egress[] {
  const ports = [...new Set(rules.flatMap((rule) => (rule.kind === "host" ? [rule.port] : [])))].sort((a, b) => a - b);
  const to = [{ ipBlock: { cidr: "0.0.0.0/0", except: [metadataService] } }, { ipBlock: { cidr: "::/0" } }];
  return [{ to, ports: ports.map((port) => ({ protocol: "TCP", port })) }];
}
