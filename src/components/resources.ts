import * as pulumi from "@pulumi/pulumi";
import type { AgentReplicas } from "../plan/allocate.ts";
import type { DesiredState, Proposal, SiteLocation } from "../plan/desired-state.ts";
import type { KeptState } from "../plan/kept-state.ts";
import type { Pin } from "../plan/pins.ts";

/**
 * The resources of the swarmstack provider plugin, as programs see them. Type tokens are frozen once released: they are part of
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
  /** The cluster is part of a user's program. */
  readonly embedded?: Proposal["embedded"];
  /** Size of the whole cluster in the program: it applies when the value changes. */
  readonly targetWorkers?: number | undefined;
}

/** The desired state of the cluster; the provider keeps it when no change is requested. */
export class Desired extends pulumi.CustomResource {
  declare readonly document: pulumi.Output<DesiredState>;

  constructor(name: string, args: DesiredArgs, options: pulumi.CustomResourceOptions) {
    super(tokens.desired, name, { ...args, document: undefined }, options);
  }
}

export interface SupervisorArgs {
  /** Name of the cluster, also where it was moved here from another stack. */
  readonly cluster: pulumi.Input<string>;
  readonly uid: pulumi.Input<string>;
  readonly site: pulumi.Input<SiteLocation>;
  /** False while the cluster hibernates: the supervisor stops after its instances. */
  readonly awake: pulumi.Input<boolean>;
  /** Id of the operation that moves the cluster's state here from another stack. */
  readonly arrival: pulumi.Input<string | undefined>;
  /** The Redis that stores the tasks; undefined: a table stores them. */
  readonly queue: SupervisorQueue | undefined;
}

export interface SupervisorQueue {
  readonly redis: pulumi.Input<string>;
  /** By agent: the streams that the blueprint names. */
  readonly streams: Readonly<Record<string, { readonly stream: string; readonly group: string }>>;
}

/** A count that no autoscaler may change, until a time or without an end. */
export interface PinArgs {
  /** Milliseconds since the epoch. */
  readonly untilMs?: number;
}

export function pinOf(pin: Pin | undefined): PinArgs | undefined {
  if (pin === undefined) return undefined;
  return pin.until === undefined ? {} : { untilMs: pin.until };
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
  /** Of a count that our autoscaler writes; undefined: the count is fixed. */
  readonly range: { readonly min: number; readonly max: number } | undefined;
  readonly pin: pulumi.Input<PinArgs | undefined>;
  readonly command: readonly string[] | undefined;
  readonly env: Readonly<Record<string, pulumi.Input<string>>>;
  /** Text of the JSON file under SWARM_CONFIG. */
  readonly config: string;
  /** The content of SWARM_KNOWLEDGE_DIR: a folder of that name for each; the plugin adds the digest of the content. */
  readonly knowledge: readonly { readonly name: string; readonly path: string }[] | undefined;
  /** Absolute; the folder that paths in the blueprint are relative to. */
  readonly blueprintDir: string | undefined;
  readonly startPeriodMs: number | undefined;
  readonly stopTimeoutMs: number;
}

/** The instances of one agent on the local target. */
export class AgentPool extends pulumi.CustomResource {
  declare readonly status: pulumi.Output<string>;

  constructor(name: string, args: AgentPoolArgs, options: pulumi.CustomResourceOptions) {
    super(tokens.agentPool, name, { ...args, status: undefined }, options);
  }
}

/** The connection of the plugin to a control plane: the same as that of the stack's Kubernetes provider. */
export interface ConnectionArgs {
  /** Content; undefined: the usual files and KUBECONFIG. */
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
  /** Lower end of the agent's range, where our autoscaler writes the count. */
  readonly min: number | undefined;
  /** Upper end of the agent's range. */
  readonly max: number;
  readonly pin: pulumi.Input<PinArgs | undefined>;
  /** A controller of the target writes the count while the cluster is awake. */
  readonly autoscaled: boolean;
  /** The cluster hibernates: counts of other writers are ignored. */
  readonly asleep: pulumi.Input<boolean>;
}

/** The count of a workload: the workload's own `replicas` is only its initial value, whatever writes the count later. */
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

/** The claims that the sets of an agent create, deleted after them. */
export class PersistentVolumeClaims extends pulumi.CustomResource {
  constructor(name: string, args: PersistentVolumeClaimsArgs, options: pulumi.CustomResourceOptions) {
    super(tokens.claims, name, { ...args }, options);
  }
}
