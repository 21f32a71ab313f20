import type { Deployment, StatefulSet } from "@pulumi/kubernetes/apps/v1/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { partName } from "../../part-name.ts";
import type { AgentPlan } from "../../plan/plan.ts";
import { isScaledByUs } from "../../plan/scaling.ts";
import { pinOf, Scale, type ScaleArgs } from "../resources.ts";
import { allOf, type Dependencies } from "./dependencies.ts";
import { createHpa } from "./hpa.ts";
import { createScaledObject } from "./keda.ts";
import { type KubernetesScope, replicasOf } from "./scope.ts";

/**
 * What writes the count of a workload. A fixed count is managed too, as other clients may scale the workload. During a hibernation
 * the count of an autoscaler is managed here: it is suspended before the count falls, and resumes when the count is restored.
 *
 * @param after resources that are complete before the count changes
 */
export function createScaling(
  scope: KubernetesScope,
  agent: AgentPlan,
  kind: ScaleArgs["kind"],
  workload: Deployment | StatefulSet,
  after: Dependencies,
): Scale {
  const { scaling } = agent;
  const target = { apiVersion: "apps/v1", kind, name: workload.metadata.name };
  switch (scaling.kind) {
    case "fixed":
    case "swarmstack":
      return createScale();
    case "hpa":
      return createScale(createHpa(scope, agent, scaling, target));
    case "keda":
      return createScale(createScaledObject(scope, agent, scaling, target));
  }

  function createScale(autoscaler?: pulumi.Resource): Scale {
    const { connection, uid, generation, namespace, asleep, pins } = scope;
    const { max } = agent.count;
    const min = isScaledByUs(scaling) ? agent.count.min : undefined;
    const pin = pins.apply((all) => pinOf(all?.[agent.key]));
    const count = { replicas: replicasOf(scope, agent), min, max, autoscaled: autoscaler !== undefined, asleep };
    const dependsOn = autoscaler === undefined ? after : allOf([autoscaler], after);
    return new Scale(
      partName(agent.resource, "scale"),
      { connection, uid, generation, namespace, kind, name: target.name, pin, ...count },
      { parent: scope.options.parent, dependsOn },
    );
  }
}
