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
import { keepLocation, type TargetLocation } from "./target-location.ts";

/**
 * What a cluster shall be: one document, the first resource of its stack (`swarmstack:index:Desired`), in the state
 * before the first effect. A program that passes no change keeps it.
 */
export interface DesiredState {
  readonly version: 1;
  /** Identity of the cluster, made once. */
  readonly uid: string;
  /** Rises by one with every change of the document. */
  readonly generation: number;
  readonly blueprint: BlueprintIdentity;
  /** While the cluster hibernates, those that it wakes to: `effectiveReplicas` says what shall run. */
  readonly counts: AgentReplicas;
  readonly power: PowerState;
  /** An operation of several updates that has not ended: no program runs for anybody else. */
  readonly operation: OpenOperation | undefined;
  /** How it came here from another stack; undefined where it began here. */
  readonly arrival: Arrival | undefined;
  /** Where the cluster is now: this stack is the one that it left, and never runs anything again. */
  readonly moved: Moved | undefined;
  /** Undefined in documents from before it was recorded. */
  readonly place: TargetLocation | undefined;
  /** Where a cluster of the local target has its files; undefined on other targets. */
  readonly site: SiteLocation | undefined;
}

/** "hibernated": nothing of the cluster runs, and what its agents know is kept. */
export type PowerState = (typeof powerStates)[number];
export const powerStates = ["active", "hibernated"] as const;

export interface OpenOperation {
  /** Of the journal, e.g. "op-01m80...". */
  readonly id: string;
  readonly phase: string;
}

export interface Arrival {
  /** Name of the cluster, which is not that of this stack. */
  readonly cluster: string;
  /** Id of the operation that brought it. */
  readonly operation: string;
}

export interface Moved {
  /** The stack that it went to. */
  readonly stack: string;
  /** Where that is, in words. */
  readonly to: string;
  /** Id of the operation that did it. */
  readonly operation: string;
}

export interface BlueprintIdentity {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
}

/** A folder on one host: the instances of a local cluster live there and nowhere else. */
export interface SiteLocation {
  readonly host: string;
  readonly dir: string;
}

/** What a caller asks to be changed; nothing of it is kept but its effect on the wish. */
export interface DesiredStatePatch {
  /** Size of the whole cluster (`target_workers`). */
  readonly targetWorkers?: number | undefined;
  /** Sizes of single agents; the others keep theirs. */
  readonly counts?: AgentReplicas | undefined;
  readonly power?: PowerState | undefined;
  /** Where the caller's operation of several updates is from now on. */
  readonly phase?: string | undefined;
  /** The caller's operation needs no further update. */
  readonly ends?: boolean | undefined;
  /** For a new stack: the caller's operation brings this cluster here from another one. */
  readonly arrives?: Pick<Arrival, "cluster"> | undefined;
  /** The caller's operation has brought the cluster there. */
  readonly moved?: Omit<Moved, "operation"> | undefined;
  /** Run another blueprint (another metadata.id) in this stack, and take a control plane of another address for the same. */
  readonly replaceBlueprint?: boolean | undefined;
}

/** A change as it travels from the runner to the plugin. */
export const desiredStatePatchSchema: z.ZodType<DesiredStatePatch, DesiredStatePatch> = z.object({
  targetWorkers: z.number().optional(),
  counts: z.record(z.string(), z.number()).optional(),
  power: z.enum(powerStates).optional(),
  phase: z.string().optional(),
  ends: z.boolean().optional(),
  arrives: z.object({ cluster: z.string() }).optional(),
  moved: z.object({ stack: z.string(), to: z.string() }).optional(),
  replaceBlueprint: z.boolean().optional(),
});

/** What the program says about the blueprint that it runs. */
export interface Proposal {
  readonly blueprint: BlueprintIdentity;
  readonly bounds: ReplicaLimits;
  readonly place: TargetLocation;
  /** Id of the operation that the program runs for, if any. */
  readonly operation?: string | undefined;
  readonly change: DesiredStatePatch;
  /** The program of somebody else owns the cluster: it may run another blueprint in its place. */
  readonly embedded?: true | undefined;
}

/** What is decided once, when a cluster is new. */
export interface Birth {
  readonly uid: string;
  readonly site: SiteLocation | undefined;
}

/**
 * The next wish: the old one carried on, adapted to the blueprint and to what the caller asks. Equal documents keep
 * their generation.
 *
 * @throws SwarmError SW607 when the stack runs another blueprint, SW608 when the size asked for is impossible, SW610 when the
 *   cluster runs in another place, SW624 when it has left this stack, SW621 when an operation is open and the program does not run for it
 */
export function applyPatch(old: DesiredState | undefined, proposal: Proposal, birth: Birth): DesiredState {
  const { blueprint, bounds: limits, change } = proposal;
  if (old === undefined) {
    const counts = sized(allocate(change.targetWorkers ?? defaultTarget(limits), limits), proposal);
    const { power = "active" } = change;
    return {
      ...{ version: 1, ...birth, generation: 1, blueprint, counts, power },
      ...{ operation: operationAfter(undefined, proposal), place: proposal.place },
      ...{ arrival: arrivalBy(proposal), moved: undefined },
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
  // A cluster that was never local gets its site when it becomes so; one that has a site keeps it.
  const site = old.site ?? birth.site;
  const moved = movedBy(proposal) ?? old.moved;
  const sameWhere = site === old.site && location === old.place && moved?.stack === old.moved?.stack;
  const sameHow = power === old.power && operation === old.operation;
  const same = sameReplicas(old.counts, counts) && old.blueprint.digest === blueprint.digest && sameWhere && sameHow;
  if (same && old.blueprint.version === blueprint.version && old.blueprint.id === blueprint.id) return old;
  return { ...old, generation: old.generation + 1, blueprint, counts, power, operation, moved, place: location, site };
}

/** The size that a program asks for by naming one: nothing while it names the same as in its last update. */
export function changedSize(named: number | undefined, before: number | undefined): number | undefined {
  return named === before ? undefined : named;
}

/** How many instances of each agent shall run: none while the cluster hibernates. */
export function effectiveReplicas({ counts, power }: Pick<DesiredState, "counts" | "power">): AgentReplicas {
  if (!isAsleep({ power })) return counts;
  return Object.fromEntries(Object.keys(counts).map((key) => [key, 0]));
}

/** Whether the cluster hibernates. */
export function isAsleep({ power }: Pick<DesiredState, "power">): boolean {
  return power === "hibernated";
}

/**
 * Whether controllers that write counts by themselves have to stand still: in the middle of an operation, so that nobody comes
 * or goes meanwhile, and while the cluster hibernates.
 */
export function pausesAutoscalers({ power, operation }: Pick<DesiredState, "power" | "operation">): boolean {
  return isAsleep({ power }) || operation !== undefined;
}

/** @throws SwarmError SW621 when an operation is open, and `operation` is not its id */
export function refuseOtherOperations(open: OpenOperation | undefined, operation: string | undefined): void {
  if (open === undefined || open.id === operation) return;
  throw new SwarmError("SW621", `this cluster is in the middle of operation ${open.id} (${open.phase})`, {
    hints: [`finish it: swarmctl ops resume ${open.id}`, `or take it back: swarmctl ops rollback ${open.id}`],
    values: { operation: open },
  });
}

/** @throws SwarmError SW624 when the cluster has left this stack; what took it away may say so again */
export function refuseMoved(moved: Moved | undefined, operation: string | undefined): void {
  if (moved === undefined || moved.operation === operation) return;
  throw new SwarmError("SW624", `this cluster has moved to ${moved.to}: it is stack ${moved.stack} now`, {
    hints: ["nothing of it runs here any more; name the cluster, and swarmctl finds it"],
    values: { moved },
  });
}

/** Name of the cluster: that of its stack, unless it has come from another one. */
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
