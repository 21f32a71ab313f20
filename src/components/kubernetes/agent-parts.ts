import type * as pulumi from "@pulumi/pulumi";
import type { MountedConfig } from "./config.ts";
import type { Priorities } from "./priority.ts";
import type { Accounts } from "./rbac.ts";
import type { KubernetesSecrets } from "./secrets.ts";

/** The resources that an agent's pods refer to. */
export interface AgentParts {
  readonly accounts: Accounts;
  readonly priorities: Priorities;
  readonly secrets: KubernetesSecrets;
  readonly configs: Readonly<Record<string, MountedConfig>>;
  readonly knowledge: Readonly<Record<string, MountedConfig>>;
  /** Claim of the shared volume. */
  readonly shared: pulumi.Output<string> | undefined;
  /** URL of the agent API. */
  readonly api: string;
  /** URL of the egress proxy. */
  readonly proxy: pulumi.Input<string> | undefined;
}
