import * as pulumi from "@pulumi/pulumi";
import type { AgentReplicas } from "../plan/allocate.ts";
import type { DesiredState, Proposal, SiteLocation } from "../plan/desired-state.ts";
import type { KeptState } from "../plan/kept-state.ts";

/**
 * The resources of our own provider plugin, as programs see them. Type tokens are frozen once released: they are part of
 * every URN.
 */
export const tokens = {
  cluster: "swarmstack:index:AgentCluster",
  desired: "swarmstack:index:Desired",
  supervisor: "swarmstack:index:Supervisor",
  agentPool: "swarmstack:index:AgentPool",
  scale: "swarmstack:index:Scale",
  claims: "swarmstack:index:Claims",
} as const;

export interface DesiredArgs {
  readonly cluster: string;
  readonly place: Proposal["place"];
  readonly blueprint: Proposal["blueprint"];
  readonly bounds: Proposal["bounds"];
  readonly operation?: string | undefined;
  readonly change?: Proposal["change"] | undefined;
  /** The cluster is part of somebody else's program. */
  readonly embedded?: Proposal["embedded"];
  /** Size of the whole cluster as the program names it: it applies when the value changes. */
  readonly targetWorkers?: number | undefined;
}

/** The wish: what the cluster shall be, carried on by the provider when nobody asks for a change. */
export class Desired extends pulumi.CustomResource {
  declare readonly document: pulumi.Output<DesiredState>;

  constructor(name: string, args: DesiredArgs, options: pulumi.CustomResourceOptions) {
    super(tokens.desired, name, { ...args, document: undefined }, options);
  }
}

export interface SupervisorArgs {
  /** Its name, wherever it has come from. */
  readonly cluster: pulumi.Input<string>;
  readonly uid: pulumi.Input<string>;
  readonly site: pulumi.Input<SiteLocation>;
  /** False while the cluster hibernates: it ends when its instances have. */
  readonly awake: pulumi.Input<boolean>;
  /** Id of the operation that brings the cluster's state here, where it comes from another stack. */
  readonly arrival: pulumi.Input<string | undefined>;
  /** The Redis that keeps the tasks; undefined: a table keeps them. */
  readonly queue: SupervisorQueue | undefined;
}

export interface SupervisorQueue {
  readonly redis: pulumi.Input<string>;
  /** By agent: the streams that the blueprint names. */
  readonly streams: Readonly<Record<string, { readonly stream: string; readonly group: string }>>;
}

/** The process that owns the instances of a local cluster. */
export class Supervisor extends pulumi.CustomResource {
  declare readonly running: pulumi.Output<boolean>;

  constructor(name: string, args: SupervisorArgs, options: pulumi.CustomResourceOptions) {
    super(tokens.supervisor, name, { ...args, running: undefined }, options);
  }
}

export interface AgentPoolArgs {
  readonly site: pulumi.Input<SiteLocation>;
  readonly uid: pulumi.Input<string>;
  readonly generation: pulumi.Input<number>;
  readonly agent: string;
  readonly role: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly count: pulumi.Input<AgentReplicas[string]>;
  readonly command: readonly string[] | undefined;
  readonly env: Readonly<Record<string, pulumi.Input<string>>>;
  /** Text of the JSON file under SWARM_CONFIG. */
  readonly config: string;
  /** What is under SWARM_KNOWLEDGE_DIR: a folder of that name for each; the plugin adds the digest of what is there. */
  readonly knowledge: readonly { readonly name: string; readonly path: string }[] | undefined;
  readonly stopTimeoutMs: number;
}

/** The instances of one agent on the local target. */
export class AgentPool extends pulumi.CustomResource {
  declare readonly status: pulumi.Output<string>;

  constructor(name: string, args: AgentPoolArgs, options: pulumi.CustomResourceOptions) {
    super(tokens.agentPool, name, { ...args, status: undefined }, options);
  }
}

/** How our plugin reaches a control plane: the same as the Kubernetes provider of the stack. */
export interface ConnectionArgs {
  /** Content; without it the usual files and KUBECONFIG. */
  readonly kubeconfig?: pulumi.Input<string> | undefined;
  readonly context?: string | undefined;
}

export interface ScaleArgs {
  readonly connection: ConnectionArgs;
  readonly uid: pulumi.Input<string>;
  readonly generation: pulumi.Input<number>;
  readonly namespace: pulumi.Input<string>;
  readonly kind: "Deployment" | "StatefulSet";
  readonly name: pulumi.Input<string>;
  readonly replicas: pulumi.Input<number>;
  /** Upper end of the agent's range. */
  readonly max: number;
  /** A controller of the target writes the count while the cluster is awake. */
  readonly autoscaled: boolean;
  /** The cluster hibernates: nobody else's count holds. */
  readonly asleep: pulumi.Input<boolean>;
}

/** The count of a workload: whoever owns it, the workload's own `replicas` only says with how many it begins. */
export class Scale extends pulumi.CustomResource {
  constructor(name: string, args: ScaleArgs, options: pulumi.CustomResourceOptions) {
    super(tokens.scale, name, { ...args }, options);
  }
}

export interface PersistentVolumeClaimsArgs {
  readonly connection: ConnectionArgs;
  readonly namespace: pulumi.Input<string>;
  /** Labels of the claims, as "a=b,c=d". */
  readonly selector: string;
  readonly state: KeptState;
}

/** The claims that the sets of an agent make, to be deleted after them. */
export class PersistentVolumeClaims extends pulumi.CustomResource {
  constructor(name: string, args: PersistentVolumeClaimsArgs, options: pulumi.CustomResourceOptions) {
    super(tokens.claims, name, { ...args }, options);
  }
}
