import { Deployment, StatefulSet } from "@pulumi/kubernetes/apps/v1/index.js";
import { Service } from "@pulumi/kubernetes/core/v1/index.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { partName } from "../../part-name.ts";
import { orderedSetName, singleSetName } from "../../plan/instance-name.ts";
import type { KeptState } from "../../plan/kept-state.ts";
import type { AgentPlan } from "../../plan/plan.ts";
import { surges } from "../../plan/quota.ts";
import { registered } from "../registered.ts";
import { PersistentVolumeClaims } from "../resources.ts";
import type { AgentParts } from "./agent-parts.ts";
import { allOf, type Dependencies } from "./dependencies.ts";
import { agentLabels, agentSelector, inNamespace } from "./labels.ts";
import { podTemplate } from "./pod.ts";
import { quantity } from "./quantity.ts";
import { createScaling } from "./scaling.ts";
import { type KubernetesScope, replicasOf } from "./scope.ts";
import { stateVolume } from "./volumes.ts";

/** Time for a GPU node to boot and to pull a large image. */
const gpuTimeoutSeconds = 1800;

/**
 * The workload of one agent, and the writer of its count.
 *
 * @param after resources that are complete before its pods start, or stop
 * @returns the resources that are complete when they have
 */
export function createWorkload(
  scope: KubernetesScope,
  agent: AgentPlan,
  parts: AgentParts,
  after: Dependencies,
): Dependencies {
  const { options } = scope;
  // A new workload starts with the desired count, so no surplus pod starts (without the field it would be one).
  // From then on its Scale or autoscaler owns the count: two writers of one field conflict.
  const countedElsewhere = { ...options, ignoreChanges: ["spec.replicas"] };
  createDisruptionBudget();
  switch (agent.shape) {
    case "stateless":
      return [createScaling(scope, agent, "Deployment", createDeployment(), after)];
    case "ordered":
      return [createScaling(scope, agent, "StatefulSet", createOrdered(), after)];
    case "single":
      return createSetPerInstance(createHeadlessService(), createPvcs("single"));
  }

  function createDeployment(): Deployment {
    const rollingUpdate = surges(agent) ? { maxSurge: 1, maxUnavailable: 0 } : { maxSurge: 0, maxUnavailable: 1 };
    const args = {
      metadata: workloadMetadata(agent.resource),
      spec: {
        replicas: replicasOf(scope, agent),
        revisionHistoryLimit: 3,
        selector: { matchLabels: agentSelector(scope.plan, agent) },
        strategy: { type: "RollingUpdate", rollingUpdate },
        template: podTemplate(scope, agent, parts),
      },
    };
    return new Deployment(agent.resource, scope.transform.deployment?.(args, agent) ?? args, countedElsewhere);
  }

  function createOrdered(): StatefulSet {
    const pvcs = createPvcs("ordered");
    const replicas = replicasOf(scope, agent);
    const own = { ...countedElsewhere, dependsOn: [pvcs] };
    return createSet(orderedSetName(agent), createHeadlessService(), {}, replicas, own);
  }

  function createSet(
    name: string,
    service: pulumi.Output<string>,
    single: Record<string, string>,
    replicas: pulumi.Input<number>,
    own: pulumi.CustomResourceOptions,
  ): StatefulSet {
    const template = podTemplate(scope, agent, parts);
    const labels = { ...agentLabels(scope.plan, agent), ...single };
    const args = {
      metadata: workloadMetadata(name, single),
      spec: {
        replicas,
        serviceName: service,
        revisionHistoryLimit: 3,
        podManagementPolicy: "Parallel",
        // The state of an instance outlives it: a hibernated cluster has no pods, and a replaced set gets its claims back.
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        selector: { matchLabels: { ...agentSelector(scope.plan, agent), ...single } },
        template: { ...template, metadata: { ...template.metadata, labels } },
        volumeClaimTemplates: [pvcTemplate()],
      },
    };
    return new StatefulSet(name, scope.transform.statefulSet?.(args, agent) ?? args, own);
  }

  /**
   * A set of one for each instance, so that each of them can stop alone. They are created once the counts are known (also in a
   * preview); the desired state selects them. They stay without a pod while the cluster hibernates: a resource that is
   * removed from a program is deleted last, after the server that the pods use. Running ones are replaced one after the other, so
   * that at most one is down for an update; new ones are created in parallel.
   */
  function createSetPerInstance(
    service: pulumi.Output<string>,
    pvcs: PersistentVolumeClaims,
  ): pulumi.Output<StatefulSet[]> {
    const own = { ...options, dependsOn: allOf([pvcs], after) };
    const replicas = scope.asleep.apply((asleep) => (asleep ? 0 : 1));
    return scope.desiredReplicas.apply(async (counts) => {
      const ordinals = Array.from({ length: counts[agent.key] ?? 0 }, (_, ordinal) => ordinal);
      const named = ordinals.map((ordinal) => ({ ordinal: String(ordinal), name: singleSetName(agent, ordinal) }));
      const isInTurn = ({ name }: { readonly name: string }) => scope.replacedOneByOne.has(name);
      const create = ({ name, ordinal }: (typeof named)[number]) =>
        createSet(name, service, { "swarmstack.dev/ordinal": ordinal }, replicas, own);
      const sets = named.filter((one) => !isInTurn(one)).map(create);
      for (const one of named.filter(isInTurn)) {
        const set = create(one);
        sets.push(set);
        await registered(set);
      }
      return sets;
    });
  }

  function workloadMetadata(name: string, labels: Record<string, string> = {}) {
    const metadata = inNamespace(scope, name, { ...agentLabels(scope.plan, agent), ...labels });
    if (agent.resources.gpu === undefined) return metadata;
    return { ...metadata, annotations: { "pulumi.com/timeoutSeconds": String(gpuTimeoutSeconds) } };
  }

  function pvcTemplate() {
    const { state } = scope.storage;
    return {
      metadata: { name: stateVolume, labels: agentSelector(scope.plan, agent) },
      spec: {
        accessModes: ["ReadWriteOnce"],
        ...(state !== undefined && { storageClassName: state }),
        resources: { requests: { storage: quantity(sizeBytes()) } },
      },
    };
  }

  function sizeBytes(): number {
    if (agent.state === undefined) throw new TypeError(`${agent.key} has no state`);
    return agent.state.sizeBytes;
  }

  /** Labels of the claims that the sets create. */
  function createPvcs(shape: KeptState["shape"]): PersistentVolumeClaims {
    const selector = Object.entries(agentSelector(scope.plan, agent))
      .map(([key, value]) => `${key}=${value}`)
      .join(",");
    const { connection, namespace } = scope;
    const state = { agent: agent.key, shape, sizeBytes: sizeBytes() };
    return new PersistentVolumeClaims(
      partName(agent.resource, "claims"),
      { connection, namespace, selector, state },
      { parent: options.parent },
    );
  }

  /** Gives the pods of a set their DNS names. */
  function createHeadlessService(): pulumi.Output<string> {
    const spec = { clusterIP: "None", selector: agentSelector(scope.plan, agent) };
    return new Service(agent.resource, { metadata: inNamespace(scope, agent.resource), spec }, options).metadata.name;
  }

  function createDisruptionBudget(): void {
    const spec = { maxUnavailable: 1, selector: { matchLabels: agentSelector(scope.plan, agent) } };
    new PodDisruptionBudget(agent.resource, { metadata: inNamespace(scope, agent.resource), spec }, options);
  }
}
