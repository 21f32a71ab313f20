import type { Target } from "../blueprint/model.ts";
import { resourceName } from "../names.ts";
import { planGeneralNodes } from "./general-nodes.ts";
import type { AgentPlan, AwsPlan, KubernetesPlan, Platform } from "./plan.ts";

export interface AwsChoices {
  /** "auto" unless given. */
  readonly compute?: AwsPlan["compute"] | undefined;
  /** Subnets that are there, of at least two zones; without them the cluster gets a network of its own. */
  readonly subnetIds?: readonly string[] | undefined;
}

const kubernetesVersion = "1.34";
const cidr = "10.64.0.0/16";

export interface PlatformContext {
  readonly cluster: string;
  readonly agents: readonly AgentPlan[];
  readonly quota: KubernetesPlan["quota"];
  readonly aws: AwsChoices;
}

export function planPlatform(target: Target, { cluster, agents, quota, aws }: PlatformContext): Platform {
  const { kind, context, namespace, region, profile } = target;
  const own = { name: namespace ?? resourceName([cluster]), ours: namespace === undefined };
  switch (kind) {
    case "local":
    case "fly":
      return { kind };
    case "docker":
      return { kind, host: context };
    case "kubernetes":
      return { kind, namespace: own, context, quota };
    case "aws": {
      const { compute = "auto", subnetIds } = aws;
      const network: AwsPlan["network"] =
        subnetIds === undefined ? { kind: "own", cidr } : { kind: "subnets", ids: subnetIds };
      const general = compute === "managed" ? planGeneralNodes(agents) : undefined;
      const made = { region, profile, kubernetesVersion, compute, general, network };
      // The control plane is new, so every namespace of it has to be made.
      return { kind, namespace: { ...own, ours: true }, context: undefined, quota, aws: made };
    }
  }
}
