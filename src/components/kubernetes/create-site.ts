import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesPlan } from "../../plan/plan.ts";
import { effectiveCounts } from "../../plan/wish.ts";
import type { TargetContext } from "../create-target.ts";
import type { Connection } from "../resources.ts";
import { createAgentApi } from "./agent-api.ts";
import { createConfigs, createKnowledge } from "./config.ts";
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
}

/** A cluster inside of a control plane. */
export function createSite({ plan, desired, parent, edge, transform }: TargetContext, plane: ControlPlane): void {
  const options = { parent, provider: plane.provider };
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
    generation: document.apply((wish) => wish.generation),
    counts: document.apply(effectiveCounts),
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
  createNodePools(site, plane.nodeClass);
  for (const agent of plan.agents)
    createWorkload(site, agent, { accounts, priorities, secrets, configs, knowledge, shared, api, proxy });
}
