import { z } from "zod";
import { SwarmError } from "../errors.ts";
import {
  type AgentReplicas,
  allocate,
  defaultTarget,
  fitReplicas,
  type ReplicaLimits,
  withReplicas,
} from "./allocate.ts";
import { type Autostop, autostopSchema, sameAutostop } from "./autostop.ts";
import { changePins, type PinChanges, type Pins, pinChangesSchema, pinsSchema } from "./pins.ts";
import { keepLocation, type TargetLocation, targetLocationSchema } from "./target-location.ts";

/**
 * The desired state of a cluster: one document, the first resource of its stack (`swarmstack:index:Desired`), in the state
 * before the first effect. A program that requests no change keeps it.
 */
export interface DesiredState {
  readonly version: 1;
  /** Identity of the cluster, generated once. */
  readonly uid: string;
  /** Rises by one with each change of the document. */
  readonly generation: number;
  readonly blueprint: BlueprintIdentity;
  /** While the cluster hibernates, the counts to restore; `effectiveReplicas` returns the counts to run. */
  readonly counts: AgentReplicas;
  readonly power: PowerState;
  /** When it hibernates by itself; undefined: by the rules of the blueprint. */
  readonly autostop: Autostop | undefined;
  /** Counts that people set: autoscalers do not change them. */
  readonly pins?: Pins | undefined;
  /** An open operation of several updates: only a program that runs for it is accepted. */
  readonly operation: OpenOperation | undefined;
  /** The migration that brought the cluster to this stack; undefined where it was created here. */
  readonly arrival: Arrival | undefined;
  /** Set where the cluster has moved to another stack: this one never runs anything again. */
  readonly moved: Moved | undefined;
  /** Undefined in documents of versions that did not record it. */
  readonly place: TargetLocation | undefined;
  /** Where a cluster on a target of the host has its files; undefined on other targets. */
  readonly site: SiteLocation | undefined;
}

/** "hibernated": no instance runs, and the state of the agents is kept. */
export type PowerState = (typeof powerStates)[number];
const powerStates = ["active", "hibernated"] as const;

export interface OpenOperation {
  /** Of the journal, e.g. "op-01m80...". */
  readonly id: string;
  readonly phase: string;
}

export interface Arrival {
  /** Name of the cluster, which differs from that of this stack. */
  readonly cluster: string;
  /** Id of the operation that moved it. */
  readonly operation: string;
}

export interface Moved {
  /** The stack that it moved to. */
  readonly stack: string;
  /** Description of the destination, for messages. */
  readonly to: string;
  /** Id of the operation that moved it. */
  readonly operation: string;
}

export interface BlueprintIdentity {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
}

/** A folder on one host: the instances of a local cluster run there only. */
export interface SiteLocation {
  readonly host: string;
  readonly dir: string;
}

export const blueprintIdentitySchema: z.ZodType<BlueprintIdentity> = z.object({
  id: z.string(),
  version: z.string(),
  digest: z.string(),
});

export const siteLocationSchema: z.ZodType<SiteLocation> = z.object({ host: z.string(), dir: z.string() });

const recordedShape = {
  version: z.literal(1),
  uid: z.string(),
  generation: z.number(),
  blueprint: blueprintIdentitySchema,
  counts: z.record(z.string(), z.number()),
  // Older documents have no power state, and none of the optional properties.
  power: z.enum(powerStates).default("active"),
  autostop: autostopSchema.optional(),
  pins: pinsSchema.optional(),
  operation: z.object({ id: z.string(), phase: z.string() }).optional(),
  arrival: z.object({ cluster: z.string(), operation: z.string() }).optional(),
  moved: z.object({ stack: z.string(), to: z.string(), operation: z.string() }).optional(),
  place: targetLocationSchema.optional(),
  site: siteLocationSchema.optional(),
} satisfies Readonly<Record<keyof DesiredState, z.ZodType>>;

/** The recorded desired state as JSON, of this version of the package or an older one. */
export const desiredStateSchema: z.ZodType<DesiredState, unknown> = z.object(recordedShape).transform((document) => {
  const absent = { site: undefined, place: undefined, operation: undefined, arrival: undefined, moved: undefined };
  return { ...absent, autostop: undefined, ...document };
});

/** A requested change of the desired state; only its effect is recorded. */
export interface DesiredStatePatch {
  /** Size of the whole cluster (`target_workers`). */
  readonly targetWorkers?: number | undefined;
  /** Counts of single agents; the others keep theirs. */
  readonly counts?: AgentReplicas | undefined;
  readonly power?: PowerState | undefined;
  /** null: the rules of the blueprint apply again. */
  readonly autostop?: Autostop | null | undefined;
  readonly pins?: PinChanges | undefined;
  /** Phase of the caller's operation from this update on. */
  readonly phase?: string | undefined;
  /** The caller's operation needs no further update. */
  readonly ends?: boolean | undefined;
  /** For a new stack: the caller's operation moves this cluster here from another one. */
  readonly arrives?: Pick<Arrival, "cluster"> | undefined;
  /** The caller's operation has moved the cluster there. */
  readonly moved?: Omit<Moved, "operation"> | undefined;
  /** Run another blueprint (another metadata.id) in this stack, and accept a new address of the control plane. */
  readonly replaceBlueprint?: boolean | undefined;
}

/** A change as the runner sends it to the plugin. */
export const desiredStatePatchSchema: z.ZodType<DesiredStatePatch, DesiredStatePatch> = z.object({
  targetWorkers: z.number().optional(),
  counts: z.record(z.string(), z.number()).optional(),
  power: z.enum(powerStates).optional(),
  autostop: autostopSchema.nullable().optional(),
  pins: pinChangesSchema.optional(),
  phase: z.string().optional(),
  ends: z.boolean().optional(),
  arrives: z.object({ cluster: z.string() }).optional(),
  moved: z.object({ stack: z.string(), to: z.string() }).optional(),
  replaceBlueprint: z.boolean().optional(),
});

/** What the program declares about the blueprint that it runs. */
export interface Proposal {
  readonly blueprint: BlueprintIdentity;
  readonly bounds: ReplicaLimits;
  readonly place: TargetLocation;
  /** Id of the operation that the program runs for, if any. */
  readonly operation?: string | undefined;
  readonly change: DesiredStatePatch;
  /** A program of the user owns the cluster: it may run another blueprint in its place. */
  readonly embedded?: true | undefined;
}

/** Values that are set once, for a new cluster. */
export interface Birth {
  readonly uid: string;
  readonly site: SiteLocation | undefined;
}

/**
 * The next desired state: the old one adapted to the blueprint and to the requested change. Equal documents keep
 * their generation.
 *
 * @throws SwarmError SW607 when the stack runs another blueprint, SW608 when the requested size is impossible, SW610 when the
 *   cluster runs at another location, SW624 when it has left this stack, SW621 when an operation is open and the program does not run for it
 */
export function applyPatch(old: DesiredState | undefined, proposal: Proposal, birth: Birth): DesiredState {
  const { blueprint, bounds: limits, change } = proposal;
  const pins = changePins(old?.pins, change.pins, limits.agents);
  if (old === undefined) {
    const counts = sized(allocate(change.targetWorkers ?? defaultTarget(limits), limits), proposal);
    const { power = "active" } = change;
    return {
      ...{ version: 1, ...birth, generation: 1, blueprint, counts, power },
      ...{
        operation: operationAfter(undefined, proposal),
        place: proposal.place,
        autostop: change.autostop ?? undefined,
      },
      ...{ arrival: arrivalBy(proposal), moved: undefined, ...(pins && { pins }) },
    };
  }
  refuseMoved(old.moved, proposal.operation);
  refuseOtherOperations(old.operation, proposal.operation);
  if (old.blueprint.id !== blueprint.id && change.replaceBlueprint !== true && proposal.embedded !== true) {
    throw new SwarmError(
      "SW607",
      `this stack runs blueprint "${old.blueprint.id}" (${old.blueprint.version}), the program reads "${blueprint.id}" (${blueprint.version})`,
      {
        hints: [
          "point to the right file (SWARM_BLUEPRINT, or swarmctl up FILE)",
          "or replace it with swarmctl up FILE --take",
        ],
        values: { recorded: old.blueprint, given: blueprint },
      },
    );
  }
  const location = keepLocation(old.place, proposal.place, change.replaceBlueprint === true);
  const counts = nextReplicas(old, proposal);
  const operation = operationAfter(old.operation, proposal);
  const power = change.power ?? old.power;
  // The site is set when the cluster first runs on the host, and kept from then on.
  const site = old.site ?? birth.site;
  const moved = movedBy(proposal) ?? old.moved;
  const sameWhere = site === old.site && location === old.place && moved?.stack === old.moved?.stack;
  const autostop = change.autostop === undefined ? old.autostop : (change.autostop ?? undefined);
  const sameRules = sameAutostop(autostop, old.autostop) && pins === old.pins;
  const sameHow = power === old.power && operation === old.operation && sameRules;
  const same = sameReplicas(old.counts, counts) && old.blueprint.digest === blueprint.digest && sameWhere && sameHow;
  if (same && old.blueprint.version === blueprint.version && old.blueprint.id === blueprint.id) return old;
  const { pins: _before, ...kept } = old;
  const next = { blueprint, counts, power, autostop, operation, moved, place: location, site, ...(pins && { pins }) };
  return { ...kept, generation: old.generation + 1, ...next };
}

/** The size that a program requests by naming one: undefined while it names the same as in its last update. */
export function changedSize(named: number | undefined, before: number | undefined): number | undefined {
  return named === before ? undefined : named;
}

/** The number of instances of each agent to run: zero while the cluster hibernates. */
export function effectiveReplicas({ counts, power }: Pick<DesiredState, "counts" | "power">): AgentReplicas {
  if (!isAsleep({ power })) return counts;
  return Object.fromEntries(Object.keys(counts).map((key) => [key, 0]));
}

/** Whether the cluster hibernates. */
export function isAsleep({ power }: Pick<DesiredState, "power">): boolean {
  return power === "hibernated";
}

/**
 * Whether controllers that write counts are suspended: during an operation, so that no instance starts or stops
 * meanwhile, and while the cluster hibernates.
 */
export function pausesAutoscalers({ power, operation }: Pick<DesiredState, "power" | "operation">): boolean {
  return isAsleep({ power }) || operation !== undefined;
}

/** @throws SwarmError SW621 when an operation is open, and `operation` is not its id */
export function refuseOtherOperations(open: OpenOperation | undefined, operation: string | undefined): void {
  if (open === undefined || open.id === operation) return;
  throw new SwarmError("SW621", `this cluster is in the middle of operation ${open.id} (${open.phase})`, {
    hints: [`finish it: swarmctl ops resume ${open.id}`, `or roll it back: swarmctl ops rollback ${open.id}`],
    values: { operation: open },
  });
}

/** @throws SwarmError SW624 when the cluster has left this stack; the operation that moved it may report that again */
export function refuseMoved(moved: Moved | undefined, operation: string | undefined): void {
  if (moved === undefined || moved.operation === operation) return;
  throw new SwarmError("SW624", `this cluster has moved to ${moved.to}: it is stack ${moved.stack} now`, {
    hints: ["use the name of the cluster: swarmctl resolves its stack"],
    values: { moved },
  });
}

/** Name of the cluster: that of its stack, unless it was moved here from another one. */
export function clusterName({ arrival }: Pick<DesiredState, "arrival">, stack: string): string {
  return arrival?.cluster ?? stack;
}

function arrivalBy({ operation, change: { arrives } }: Proposal): Arrival | undefined {
  return arrives === undefined || operation === undefined ? undefined : { ...arrives, operation };
}

function movedBy({ operation, change: { moved } }: Proposal): Moved | undefined {
  return moved === undefined || operation === undefined ? undefined : { ...moved, operation };
}

function operationAfter(
  open: OpenOperation | undefined,
  { operation: id, change: { phase, ends } }: Proposal,
): OpenOperation | undefined {
  if (ends) return undefined;
  if (phase === undefined || id === undefined) return open;
  return open?.phase === phase ? open : { id, phase };
}

function nextReplicas(old: DesiredState, proposal: Proposal): AgentReplicas {
  const { blueprint, bounds: limits, change } = proposal;
  if (change.targetWorkers !== undefined) return sized(allocate(change.targetWorkers, limits), proposal);
  const kept = blueprint.digest === old.blueprint.digest ? old.counts : fitReplicas(old.counts, limits);
  return sized(kept, proposal);
}

function sized(counts: AgentReplicas, { change, bounds: limits }: Proposal): AgentReplicas {
  return change.counts === undefined ? counts : withReplicas(counts, change.counts, limits);
}

function sameReplicas(a: AgentReplicas, b: AgentReplicas): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
