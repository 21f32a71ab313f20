import * as pulumi from "@pulumi/pulumi";
import { clusterName, effectiveReplicas, isAsleep, pausesAutoscalers } from "../../plan/desired-state.ts";
import type { KubernetesPlan } from "../../plan/plan.ts";
import { sortByReportsTo } from "../../plan/sort-by-reports-to.ts";
import type { TargetContext, TargetOutputs } from "../create-target.ts";
import type { ConnectionArgs } from "../resources.ts";
import { createAgentApi } from "./agent-api.ts";
import { createConfigs, createKnowledge } from "./config.ts";
import { allOf, type Dependencies } from "./dependencies.ts";
import { createEgressProxy } from "./egress-proxy.ts";
import { createNodePools, type NodeClass } from "./karpenter.ts";
import { createNamespace, createQuota } from "./namespace.ts";
import { createNetworkPolicies } from "./network-policy.ts";
import { createPriorities } from "./priority.ts";
import { createRoles } from "./rbac.ts";
import type { KubernetesScope } from "./scope.ts";
import { createSecrets } from "./secrets.ts";
import { createSharedVolume } from "./volumes.ts";
import { createWorkload } from "./workload.ts";

/** The parts that a target on Kubernetes provides: the connection to the control plane, and storage. */
export interface ControlPlane {
  readonly kubernetes: KubernetesPlan;
  readonly provider: pulumi.ProviderResource;
  readonly connection: ConnectionArgs;
  readonly storage: KubernetesScope["storage"];
  /** Node class of Karpenter; default: its own class named "default". */
  readonly nodeClass?: NodeClass;
  /** Node groups that pods wait for on reactivation; default: none. */
  readonly nodes?: readonly pulumi.Resource[];
}

export interface CreatedSite {
  /** Resources that are complete when the last pods run, or are gone. */
  readonly last: pulumi.Output<pulumi.Resource[]>;
  readonly outputs: TargetOutputs;
}

/** Creates the resources of a cluster inside a control plane. */
export function createKubernetesCluster(context: TargetContext, plane: ControlPlane): CreatedSite {
  const { plan, desired, parent, resolver, transform, transition, running } = context;
  const options = { parent, provider: plane.provider, dependsOn: desired };
  const { kubernetes } = plane;
  const namespace = kubernetes.namespace.ours
    ? createNamespace(plan, kubernetes, options, transform).metadata.name
    : kubernetes.namespace.name;
  const { document } = desired;
  const scope: KubernetesScope = {
    plan,
    kubernetes,
    connection: plane.connection,
    storage: plane.storage,
    namespace,
    uid: document.apply((desiredState) => desiredState.uid),
    cluster: document.apply((desiredState) => clusterName(desiredState, plan.cluster)),
    arrival: document.apply((desiredState) => desiredState.arrival?.operation),
    generation: document.apply((desiredState) => desiredState.generation),
    pins: document.apply((desiredState) => desiredState.pins),
    desiredReplicas: document.apply((desiredState) => desiredState.counts),
    replicas: document.apply(effectiveReplicas),
    asleep: document.apply(isAsleep),
    autoscalersPaused: document.apply(pausesAutoscalers),
    replacedOneByOne: transition === undefined ? running : new Set(),
    resolver,
    transform,
    options,
  };

  if (kubernetes.namespace.ours) createQuota(scope);
  const accounts = createRoles(scope);
  const priorities = createPriorities(scope);
  const secrets = createSecrets(scope);
  const configs = createConfigs(scope);
  const knowledge = createKnowledge(scope);
  const shared = createSharedVolume(scope);
  const proxy = createEgressProxy(scope);
  const api = createAgentApi(scope, secrets);
  createNetworkPolicies(scope);
  const parts = { accounts, priorities, secrets, configs, knowledge, shared, api: api.url, proxy: proxy?.url };
  const servers = proxy === undefined ? [api] : [api, proxy];
  return {
    last: transition === "sleeping" ? putToSleep() : createAwake(),
    outputs: { namespace: pulumi.output(namespace), endpoint: api.endpoint },
  };

  /** On reactivation nodes start first, then servers, then parents before the agents that report to them. */
  function createAwake(): pulumi.Output<pulumi.Resource[]> {
    const pools = createNodePools(scope, [], plane.nodeClass);
    const serving = servers.map(({ createPods }) => createPods(inTurn([...pools, ...(plane.nodes ?? [])])));
    const begun = new Map<string, Dependencies>();
    for (const agent of sortByReportsTo(plan.agents)) {
      const reportsTo = agent.parent === undefined ? undefined : begun.get(agent.parent);
      begun.set(agent.key, createWorkload(scope, agent, parts, inTurn(reportsTo ?? serving)));
    }
    return allOf(serving, ...begun.values());
  }

  function inTurn(before: Dependencies): Dependencies {
    return transition === "waking" ? before : [];
  }

  /** On hibernation the reverse: agents reach their server until they have stopped, and nodes are removed after their pods. */
  function putToSleep(): pulumi.Output<pulumi.Resource[]> {
    const ended = allOf(...plan.agents.map((agent) => createWorkload(scope, agent, parts, [])));
    const silent = servers.map(({ createPods }) => createPods(ended));
    createNodePools(scope, silent, plane.nodeClass);
    return allOf(silent);
  }
}
