import * as pulumi from "@pulumi/pulumi";
import type { KubernetesPlan } from "../../plan/plan.ts";
import { superiorsFirst } from "../../plan/superiors-first.ts";
import { clusterName, effectiveCounts, isAsleep, pausesAutoscalers } from "../../plan/wish.ts";
import type { TargetContext, TargetOutputs } from "../create-target.ts";
import type { Connection } from "../resources.ts";
import { createAgentApi } from "./agent-api.ts";
import { createConfigs, createKnowledge } from "./config.ts";
import { allOf, type Dependencies } from "./dependencies.ts";
import { createEgressProxy } from "./egress-proxy.ts";
import { createNodePools, type NodeClass } from "./karpenter.ts";
import { createNamespace } from "./namespace.ts";
import { createNetworkPolicies } from "./network-policy.ts";
import { createPriorities } from "./priority.ts";
import { createQuota } from "./quota.ts";
import { createRoles } from "./rbac.ts";
import { createSecrets } from "./secrets.ts";
import { createSharedVolume } from "./shared-volume.ts";
import type { Site } from "./site.ts";
import { createWorkload } from "./workload.ts";

/** What a target that runs on Kubernetes brings: how it reaches the control plane, and its storage. */
export interface ControlPlane {
  readonly kubernetes: KubernetesPlan;
  readonly provider: pulumi.ProviderResource;
  readonly connection: Connection;
  readonly storage: Site["storage"];
  /** What Karpenter makes nodes of; its own class of the name "default" unless given. */
  readonly nodeClass?: NodeClass;
  /** Groups of nodes, for which pods that wake wait; none unless given. */
  readonly nodes?: readonly pulumi.Resource[];
}

export interface CreatedSite {
  /** What is done when the last pods have come, or gone. */
  readonly last: pulumi.Output<pulumi.Resource[]>;
  readonly outputs: TargetOutputs;
}

/** A cluster inside of a control plane. */
export function createSite(context: TargetContext, plane: ControlPlane): CreatedSite {
  const { plan, desired, parent, edge, transform, turns, running } = context;
  const options = { parent, provider: plane.provider, dependsOn: desired };
  const { kubernetes } = plane;
  const namespace = kubernetes.namespace.ours
    ? createNamespace(plan, kubernetes, options, transform).metadata.name
    : kubernetes.namespace.name;
  const { document } = desired;
  const site: Site = {
    plan,
    kubernetes,
    connection: plane.connection,
    storage: plane.storage,
    namespace,
    uid: document.apply((wish) => wish.uid),
    cluster: document.apply((wish) => clusterName(wish, plan.cluster)),
    arrival: document.apply((wish) => wish.arrival?.operation),
    generation: document.apply((wish) => wish.generation),
    wished: document.apply((wish) => wish.counts),
    counts: document.apply(effectiveCounts),
    asleep: document.apply(isAsleep),
    autoscalersPaused: document.apply(pausesAutoscalers),
    inTurn: turns === undefined ? running : new Set(),
    edge,
    transform,
    options,
  };

  if (kubernetes.namespace.ours) createQuota(site);
  const accounts = createRoles(site);
  const priorities = createPriorities(site);
  const secrets = createSecrets(site);
  const configs = createConfigs(site);
  const knowledge = createKnowledge(site);
  const shared = createSharedVolume(site);
  const proxy = createEgressProxy(site);
  const api = createAgentApi(site, secrets);
  createNetworkPolicies(site);
  const parts = { accounts, priorities, secrets, configs, knowledge, shared, api: api.url, proxy: proxy?.url };
  const servers = proxy === undefined ? [api] : [api, proxy];
  return {
    last: turns === "sleeping" ? putToSleep() : createAwake(),
    outputs: { namespace: pulumi.output(namespace), endpoint: api.endpoint },
  };

  /** Nodes, servers, and superiors before those who report to them: in this order where all of it has to wake up. */
  function createAwake(): pulumi.Output<pulumi.Resource[]> {
    const pools = createNodePools(site, [], plane.nodeClass);
    const serving = servers.map(({ createPods }) => createPods(inTurn([...pools, ...(plane.nodes ?? [])])));
    const begun = new Map<string, Dependencies>();
    for (const agent of superiorsFirst(plan.agents)) {
      const superior = agent.parent === undefined ? undefined : begun.get(agent.parent);
      begun.set(agent.key, createWorkload(site, agent, parts, inTurn(superior ?? serving)));
    }
    return allOf(serving, ...begun.values());
  }

  function inTurn(before: Dependencies): Dependencies {
    return turns === "waking" ? before : [];
  }

  /** The other way round: agents can speak to their server until they have ended, and no node goes before its pods. */
  function putToSleep(): pulumi.Output<pulumi.Resource[]> {
    const ended = allOf(...plan.agents.map((agent) => createWorkload(site, agent, parts, [])));
    const silent = servers.map(({ createPods }) => createPods(ended));
    createNodePools(site, silent, plane.nodeClass);
    return allOf(silent);
  }
}
