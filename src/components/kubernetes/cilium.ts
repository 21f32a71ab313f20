import { isIP } from "node:net";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import { isInside } from "../../blueprint/redis-route.ts";
import { agentApi } from "../../names.ts";
import { partName } from "../../part-name.ts";
import { cidrOf } from "../../plan/network.ts";
import type { RedisPlan } from "../../plan/plan.ts";
import { inNamespace, labelKeys, partSelector } from "./labels.ts";
import type { KubernetesScope } from "./scope.ts";

/** The same rules for Cilium, which reads DNS responses and so matches host names: no proxy is needed. */
export function createCiliumPolicy(scope: KubernetesScope): void {
  const { plan, options } = scope;
  const name = partName(plan.resource, "agents");
  const { egress = [], redis } = plan.network;
  const rules = egress.map((rule) => {
    const to = rule.kind === "cidr" ? { toCIDR: [rule.cidr] } : { toFQDNs: [{ matchName: rule.host }] };
    return rule.port === undefined ? to : { ...to, toPorts: tcp(rule.port) };
  });
  new CustomResource(
    name,
    {
      apiVersion: "cilium.io/v2",
      kind: "CiliumNetworkPolicy",
      metadata: inNamespace(scope, name),
      spec: {
        endpointSelector: {
          matchLabels: { [labelKeys.cluster]: plan.resource },
          matchExpressions: [{ key: labelKeys.agent, operator: "Exists" }],
        },
        egress: [dns, api(scope), ...rules, ...redisRule(redis)],
      },
    },
    options,
  );
}

/** Through Cilium's DNS proxy, which learns the addresses of the names from it. */
const dns = {
  toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s:k8s-app": "kube-dns" } }],
  toPorts: [{ ports: [{ port: "53", protocol: "ANY" }], rules: { dns: [{ matchPattern: "*" }] } }],
};

function api({ plan }: KubernetesScope) {
  return { toEndpoints: [{ matchLabels: partSelector(plan, agentApi.part) }], toPorts: tcp(agentApi.port) };
}

function redisRule(redis: RedisPlan | undefined): readonly object[] {
  if (redis?.kind !== "address") return [];
  const toPorts = tcp(redis.port);
  if (isInside(redis.host)) return [{ toEntities: ["cluster"], toPorts }];
  if (isIP(redis.host) !== 0) return [{ toCIDR: [cidrOf(redis.host)], toPorts }];
  return [{ toFQDNs: [{ matchName: redis.host }], toPorts }];
}

function tcp(port: number) {
  return [{ ports: [{ port: String(port), protocol: "TCP" }] }];
}
