import type { Deployment, StatefulSet } from "@pulumi/kubernetes/apps/v1/index.js";
import { partName } from "../../plan/part-name.ts";
import type { AgentPlan } from "../../plan/plan.ts";
import { Scale, type ScaleArgs } from "../resources.ts";
import { createHpa } from "./hpa.ts";
import { createScaledObject } from "./keda.ts";
import { countOf, type Site } from "./site.ts";

/** Who writes the count of a workload. A fixed one is kept by us too: somebody else may scale it. */
export function createScaling(
  site: Site,
  agent: AgentPlan,
  kind: ScaleArgs["kind"],
  workload: Deployment | StatefulSet,
): void {
  const { scaling } = agent;
  const target = { apiVersion: "apps/v1", kind, name: workload.metadata.name };
  switch (scaling.kind) {
    case "fixed":
    case "swarmstack":
      createScale();
      break;
    case "hpa":
      createHpa(site, agent, scaling, target);
      break;
    case "keda":
      createScaledObject(site, agent, scaling, target);
      break;
  }

  function createScale(): Scale {
    const { connection, uid, generation, namespace } = site;
    const replicas = countOf(site, agent);
    return new Scale(
      partName(agent.resource, "scale"),
      { connection, uid, generation, namespace, kind, name: target.name, replicas, max: agent.count.max },
      { parent: site.options.parent },
    );
  }
}
