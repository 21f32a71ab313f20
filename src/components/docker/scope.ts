import type { Network, Provider } from "@pulumi/docker/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AgentPlan, Plan } from "../../plan/plan.ts";
import type { Resolver } from "../resolver/resolver.ts";
import type { Transforms } from "../transforms.ts";

/** The settings that all resources of a cluster on a docker host share. */
export interface DockerScope {
  readonly plan: Plan;
  readonly resolver: Resolver;
  readonly transform: Transforms;
  /** Depends on the desired state; names are fixed, so a resource is deleted before it is replaced. */
  readonly options: {
    readonly parent: pulumi.ComponentResource;
    readonly provider: Provider;
    readonly dependsOn: pulumi.Resource;
    readonly deleteBeforeReplace: true;
  };
}

export interface Networks {
  /** Network of the agents; without a route out where egress is confined. */
  readonly agents: Network;
  /** Network of the proxy only. */
  readonly outside: Network | undefined;
}

/** @param secrets resources that are replaced when they change */
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

/** Restarts also after a kill of the daemon: docker 20.10 does not restart `unless-stopped` containers then. */
export const restartPolicy = "always";

/** The least privileges: an unprivileged user, a read-only disk, and no new privileges. */
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
