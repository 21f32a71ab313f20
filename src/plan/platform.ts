import type { Target, TargetKind } from "../blueprint/model.ts";
import { resourceName } from "../names.ts";
import { planGeneralNodes } from "./general-nodes.ts";
import type { AgentPlan, AwsPlan, KubernetesPlan, Platform } from "./plan.ts";

export interface AwsChoices {
  /** Default: "auto". */
  readonly compute?: AwsPlan["compute"] | undefined;
  /** Existing subnets, in at least two zones; without them the cluster gets a network of its own. */
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

type PlatformOf<Kind> = Extract<Platform, { readonly kind: Kind }>;
type PlanPlatform<Kind> = (target: Target, context: PlatformContext) => PlatformOf<Kind>;

const platforms: { readonly [Kind in TargetKind]: PlanPlatform<Kind> } = {
  local: () => ({ kind: "local" }),
  docker: ({ context }) => ({ kind: "docker", host: context }),
  kubernetes: (target, { cluster, quota }) => ({
    kind: "kubernetes",
    namespace: namespaceOf(target, cluster),
    context: target.context,
    quota,
  }),
  aws: planAws,
};

/** The settings of a plan that only its target has. */
export function planPlatform(target: Target, context: PlatformContext): Platform {
  return platforms[target.kind](target, context);
}

function namespaceOf({ namespace }: Target, cluster: string): KubernetesPlan["namespace"] {
  return { name: namespace ?? resourceName([cluster]), ours: namespace === undefined };
}

function planAws(target: Target, { cluster, agents, quota, aws }: PlatformContext): PlatformOf<"aws"> {
  const { region, profile } = target;
  const { compute = "auto", subnetIds } = aws;
  const network: AwsPlan["network"] =
    subnetIds === undefined ? { kind: "own", cidr } : { kind: "subnets", ids: subnetIds };
  const general = compute === "managed" ? planGeneralNodes(agents) : undefined;
  return {
    kind: "aws",
    // The control plane is new, so every namespace of it has to be created.
    namespace: { ...namespaceOf(target, cluster), ours: true },
    context: undefined,
    quota,
    aws: { region, profile, kubernetesVersion, compute, general, network },
  };
}
