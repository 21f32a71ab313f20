import { Deployment } from "@pulumi/kubernetes/apps/v1/index.js";
import { ConfigMap, Service } from "@pulumi/kubernetes/core/v1/index.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { ProxyPlan } from "../../plan/plan.ts";
import { proxyResources } from "../../plan/quota.ts";
import { checksum } from "./config.ts";
import { inNamespace, partSelector } from "./labels.ts";
import { quantity } from "./quantity.ts";
import type { KubernetesScope } from "./scope.ts";
import { containerSecurity, podSecurity } from "./security.ts";
import type { Server } from "./server.ts";

export const proxyPart = "egress";
/** User and group "proxy" of the image. */
const proxyUser = 13;
const configDir = "/etc/swarmstack";

/** The forward proxy that enforces the host names that agents may reach. A hibernated cluster has none of its pods. */
export function createEgressProxy(scope: KubernetesScope): Server | undefined {
  const { proxy } = scope.plan.network;
  if (proxy === undefined) return undefined;
  const { plan, options } = scope;
  const selector = partSelector(plan, proxyPart);
  const metadata = inNamespace(scope, proxy.resource, selector);
  const config = new ConfigMap(proxy.resource, { metadata, data: { "squid.conf": proxy.config } }, options);
  new PodDisruptionBudget(
    proxy.resource,
    { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
    options,
  );
  const service = new Service(
    proxy.resource,
    {
      metadata,
      spec: { selector, ports: [{ name: "proxy", port: proxy.port, targetPort: "proxy", protocol: "TCP" }] },
    },
    options,
  );
  const replicas = scope.asleep.apply((asleep) => (asleep ? 0 : proxyResources.replicas));
  const spec = { replicas, ...deploymentSpec(proxy, config, selector) };
  return {
    url: pulumi.interpolate`http://${service.metadata.name}:${proxy.port}`,
    createPods: (after) => new Deployment(proxy.resource, { metadata, spec }, { ...options, dependsOn: after }),
  };
}

function deploymentSpec(proxy: ProxyPlan, config: ConfigMap, selector: Record<string, string>) {
  const { cpuMillis, memoryBytes } = proxyResources;
  return {
    revisionHistoryLimit: 3,
    selector: { matchLabels: selector },
    template: {
      metadata: { labels: selector, annotations: { "swarmstack.dev/config-hash": checksum(proxy.config) } },
      spec: {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: podSecurity(proxyUser),
        containers: [
          {
            name: "proxy",
            image: proxy.image,
            command: ["squid", "-N", "-f", `${configDir}/squid.conf`],
            ports: [{ name: "proxy", containerPort: proxy.port, protocol: "TCP" }],
            readinessProbe: { tcpSocket: { port: "proxy" }, periodSeconds: 5 },
            livenessProbe: { tcpSocket: { port: "proxy" }, periodSeconds: 10 },
            resources: {
              requests: { cpu: quantity(cpuMillis / 1000), memory: quantity(memoryBytes) },
              limits: { memory: quantity(memoryBytes) },
            },
            securityContext: containerSecurity,
            volumeMounts: [
              { name: "config", mountPath: configDir, readOnly: true },
              { name: "run", mountPath: "/run" },
              { name: "tmp", mountPath: "/tmp" },
            ],
          },
        ],
        volumes: [
          { name: "config", configMap: { name: config.metadata.name } },
          { name: "run", emptyDir: {} },
          { name: "tmp", emptyDir: {} },
        ],
      },
    },
  };
}
