import type { Deployment, StatefulSet } from "@pulumi/kubernetes/apps/v1/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { partName } from "../../part-name.ts";
import type { AgentPlan } from "../../plan/plan.ts";
import { Scale, type ScaleArgs } from "../resources.ts";
import { allOf, type Dependencies } from "./dependencies.ts";
import { createHpa } from "./hpa.ts";
import { createScaledObject } from "./keda.ts";
import { type KubernetesScope, replicasOf } from "./scope.ts";

/**
 * Who writes the count of a workload. A fixed one is kept by us too: somebody else may scale it. What an autoscaler writes is
 * ours across a hibernation: it has stopped by the time that the count falls, and goes on when the count is there again.
 *
 * @param after what has to be done before the count changes
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
    const { connection, uid, generation, namespace, asleep } = scope;
    const { max } = agent.count;
    const count = { replicas: replicasOf(scope, agent), max, autoscaled: autoscaler !== undefined, asleep };
    const dependsOn = autoscaler === undefined ? after : allOf([autoscaler], after);
    return new Scale(
      partName(agent.resource, "scale"),
      { connection, uid, generation, namespace, kind, name: target.name, ...count },
      { parent: scope.options.parent, dependsOn },
    );
  }
}
