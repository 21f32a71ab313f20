import { StatefulSet } from "@pulumi/kubernetes/apps/v1/index.js";
import { ConfigMap, PersistentVolumeClaim, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1/index.js";
import { ClusterRoleBinding, Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1/index.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { agentApi } from "../../names.ts";
import { partName } from "../../part-name.ts";
import { images } from "../../plan/images.ts";
import { apiResources } from "../../plan/quota.ts";
import { servedAgent } from "../served-agent.ts";
import { checksum } from "./config.ts";
import type { Dependencies } from "./dependencies.ts";
import { clusterWide, inNamespace, partSelector } from "./labels.ts";
import { quantity } from "./quantity.ts";
import type { KubernetesScope } from "./scope.ts";
import type { KubernetesSecrets } from "./secrets.ts";
import { agentUser, containerSecurity, podSecurity } from "./security.ts";
import type { Server } from "./server.ts";

const configDir = "/etc/swarmstack/api";
const configKey = "cluster.json";
/** Longer than the server needs to answer its last calls. */
const graceSeconds = 30;
/** Pods of a StatefulSet have its name and a hash of ten digits in a label of 63 characters. */
const maxSetName = 52;

/**
 * The agent server: one pod. A hibernated cluster has none, and keeps its claim: registrations, directives, memory,
 * checkpoints and tasks are restored on reactivation.
 */
export function createAgentApi(
  scope: KubernetesScope,
  secrets: KubernetesSecrets,
): Server & { readonly url: string; readonly endpoint: pulumi.Output<string> } {
  const { plan, options, kubernetes, uid } = scope;
  const name = partName(plan.resource, agentApi.part, maxSetName);
  const selector = partSelector(plan, agentApi.part);
  const metadata = inNamespace(scope, name, selector);
  const document = {
    cluster: plan.cluster,
    resource: plan.resource,
    agents: plan.agents.map(servedAgent),
  };
  const text = JSON.stringify(document);
  const config = new ConfigMap(name, { metadata, data: { [configKey]: text } }, options);
  const account = createAccount();
  const pvc = createPvc();
  const service = new Service(
    name,
    {
      metadata,
      spec: { selector, ports: [{ name: "api", port: agentApi.port, targetPort: "api", protocol: "TCP" }] },
    },
    options,
  );
  const url = `http://${name}.${kubernetes.namespace.name}.svc:${agentApi.port}`;
  // An output for programs: resolved once the Service exists.
  return { url, endpoint: service.metadata.apply(() => url), createPods };

  /** A StatefulSet, not a Deployment: two pods never run at once, so its files have one writer. */
  function createPods(after: Dependencies): StatefulSet {
    const annotations = { "swarmstack.dev/config-hash": checksum(text) };
    const spec = {
      replicas: scope.asleep.apply((asleep) => (asleep ? 0 : 1)),
      serviceName: service.metadata.name,
      revisionHistoryLimit: 3,
      selector: { matchLabels: selector },
      template: { metadata: { labels: selector, annotations }, spec: podSpec() },
    };
    return new StatefulSet(name, { metadata, spec }, { ...options, dependsOn: after });
  }

  /** It reviews tokens and lists the pods of its namespace; it may change nothing. */
  function createAccount(): pulumi.Output<string> {
    const account = new ServiceAccount(name, { metadata, automountServiceAccountToken: false }, options);
    const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }];
    const role = new Role(name, { metadata, rules }, options);
    const apiGroup = "rbac.authorization.k8s.io";
    const subjects = [{ kind: "ServiceAccount", name: account.metadata.name, namespace: scope.namespace }];
    new RoleBinding(
      name,
      { metadata, roleRef: { apiGroup, kind: "Role", name: role.metadata.name }, subjects },
      options,
    );
    // Token reviews are not namespaced; this cluster role of Kubernetes is for servers that request them.
    new ClusterRoleBinding(
      name,
      {
        metadata: clusterWide(scope, partName(kubernetes.namespace.name, name)),
        roleRef: { apiGroup, kind: "ClusterRole", name: "system:auth-delegator" },
        subjects,
      },
      options,
    );
    return account.metadata.name;
  }

  function createPvc(): pulumi.Output<string> {
    const { state } = scope.storage;
    const spec = {
      accessModes: ["ReadWriteOnce"],
      ...(state !== undefined && { storageClassName: state }),
      resources: { requests: { storage: quantity(apiResources.storageBytes) } },
    };
    return new PersistentVolumeClaim(name, { metadata, spec }, options).metadata.name;
  }

  function podSpec(): core.v1.PodSpec {
    const memory = quantity(apiResources.memoryBytes);
    // A high threshold: under load, when responses are slow, a restart of the only replica adds to the load.
    const probe = (path: string, more: object) => ({ httpGet: { path, port: "api" }, timeoutSeconds: 30, ...more });
    return {
      serviceAccountName: account,
      automountServiceAccountToken: true,
      enableServiceLinks: false,
      securityContext: podSecurity(agentUser),
      terminationGracePeriodSeconds: graceSeconds,
      containers: [
        {
          name: agentApi.part,
          image: images.agent,
          command: ["swarmctl", "agent-server", "--json"],
          env: environment(),
          ports: [{ name: "api", containerPort: agentApi.port, protocol: "TCP" }],
          startupProbe: probe("/healthz", { periodSeconds: 2, failureThreshold: 60 }),
          readinessProbe: probe("/readyz", { periodSeconds: 5, failureThreshold: 6 }),
          livenessProbe: probe("/healthz", { periodSeconds: 30, failureThreshold: 6 }),
          resources: { requests: { cpu: quantity(apiResources.cpuMillis / 1000), memory }, limits: { memory } },
          securityContext: containerSecurity,
          volumeMounts: [
            { name: "config", mountPath: configDir, readOnly: true },
            { name: "state", mountPath: agentApi.folder },
            { name: "tmp", mountPath: "/tmp" },
          ],
        },
      ],
      volumes: [
        { name: "config", configMap: { name: config.metadata.name } },
        { name: "state", persistentVolumeClaim: { claimName: pvc } },
        { name: "tmp", emptyDir: {} },
      ],
    };
  }

  function environment(): pulumi.Output<core.v1.EnvVar[]> {
    const { redis } = plan.network;
    const told = [
      { name: "SWARM_SERVER_AGENTS", value: `${configDir}/${configKey}` },
      { name: "SWARM_SERVER_FOLDER", value: agentApi.folder },
      { name: "SWARM_SERVER_LISTEN", value: `0.0.0.0:${agentApi.port}` },
      { name: "SWARM_SERVER_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
      { name: "SWARM_SERVER_UID", value: uid },
      ...(redis?.kind === "address" ? [{ name: "REDIS_URL", value: redis.url }] : secrets.redis()),
    ];
    return scope.arrival.apply((arrival) =>
      arrival === undefined ? told : [...told, { name: "SWARM_SERVER_ARRIVAL", value: arrival }],
    );
  }
}
