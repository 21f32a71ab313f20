import type { Network, Provider } from "@pulumi/docker/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AgentPlan, Plan } from "../../plan/plan.ts";
import type { Resolver } from "../resolver/resolver.ts";
import type { Transforms } from "../transforms.ts";

/** What every resource of a cluster on a docker host needs to know. */
export interface DockerScope {
  readonly plan: Plan;
  readonly resolver: Resolver;
  readonly transform: Transforms;
  /** After the wish; names are ours, so the old one goes before the new one comes. */
  readonly options: {
    readonly parent: pulumi.ComponentResource;
    readonly provider: Provider;
    readonly dependsOn: pulumi.Resource;
    readonly deleteBeforeReplace: true;
  };
}

export interface Networks {
  /** Of the agents; without a way out where egress is confined. */
  readonly agents: Network;
  /** Only the proxy is in it. */
  readonly outside: Network | undefined;
}

/** @param secrets what is replaced when they change */
export function labelsOf(
  { resource }: Plan,
  more: Readonly<Record<string, string>> = {},
  secrets?: { readonly generation: pulumi.Output<string> },
): { label: string; value: pulumi.Input<string> }[] {
  const labels = { "swarmstack.dev/cluster": resource, ...more };
  const plain = Object.entries(labels).map(([label, value]) => ({ label, value }));
  return secrets === undefined ? plain : [...plain, { label: "swarmstack.dev/secrets", value: secrets.generation }];
}

/** Name of the container of an instance. */
export function containerName({ resource }: AgentPlan, ordinal: number): string {
  return `${resource}-${ordinal}`;
}

/** After a daemon that was killed too: docker 20.10 does not start `unless-stopped` containers again then. */
export const restartPolicy = "always";

/** Nothing that a container does not need: it runs as nobody, on a disk that it cannot write, and gains no rights. */
export function confinement(user: number) {
  return {
    user: `${user}:${user}`,
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    init: true,
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
  };
}
