import { SwarmError } from "../errors.ts";
import { allocate, type Bounds, type Counts, carryOver, defaultTarget } from "./allocate.ts";
import { keepPlace, type Place } from "./place.ts";

/**
 * What a cluster shall be: one document, the first resource of its stack (`swarmstack:index:Desired`), in the state
 * before the first effect. A program that passes no change keeps it.
 */
export interface Wish {
  readonly version: 1;
  /** Identity of the cluster, made once. */
  readonly uid: string;
  /** Rises by one with every change of the document. */
  readonly generation: number;
  readonly blueprint: BlueprintIdentity;
  readonly counts: Counts;
  /** Undefined in documents from before it was recorded. */
  readonly place: Place | undefined;
  /** Where a cluster of the local target has its files; undefined on other targets. */
  readonly site: Site | undefined;
}

export interface BlueprintIdentity {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
}

/** A folder on one host: the instances of a local cluster live there and nowhere else. */
export interface Site {
  readonly host: string;
  readonly dir: string;
}

/** What a caller asks to be changed; nothing of it is kept but its effect on the wish. */
export interface WishChange {
  /** Size of the whole cluster (`target_workers`). */
  readonly targetWorkers?: number | undefined;
  /** Run another blueprint (another metadata.id) in this stack, and take a control plane of another address for the same. */
  readonly replaceBlueprint?: boolean | undefined;
}

/** What the program says about the blueprint that it runs. */
export interface Proposal {
  readonly blueprint: BlueprintIdentity;
  readonly bounds: Bounds;
  readonly place: Place;
  readonly change: WishChange;
}

/** What is decided once, when a cluster is new. */
export interface Birth {
  readonly uid: string;
  readonly site: Site | undefined;
}

/**
 * The next wish: the old one carried on, adapted to the blueprint and to what the caller asks. Equal documents keep
 * their generation.
 *
 * @throws SwarmError SW607 when the stack runs another blueprint, SW608 when the size asked for is impossible, SW610 when the
 *   cluster runs in another place
 */
export function nextWish(old: Wish | undefined, proposal: Proposal, birth: Birth): Wish {
  const { blueprint, bounds, change } = proposal;
  if (old === undefined) {
    const target = change.targetWorkers ?? defaultTarget(bounds);
    return { version: 1, ...birth, generation: 1, blueprint, counts: allocate(target, bounds), place: proposal.place };
  }
  if (old.blueprint.id !== blueprint.id && change.replaceBlueprint !== true) {
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
  const place = keepPlace(old.place, proposal.place, change.replaceBlueprint === true);
  const counts = countsOf(old, proposal);
  // A cluster that was never local gets its site when it becomes so; one that has a site keeps it.
  const site = old.site ?? birth.site;
  const unmoved = site === old.site && place === old.place;
  const same = sameCounts(old.counts, counts) && old.blueprint.digest === blueprint.digest && unmoved;
  if (same && old.blueprint.version === blueprint.version && old.blueprint.id === blueprint.id) return old;
  return { ...old, generation: old.generation + 1, blueprint, counts, place, site };
}

function countsOf(old: Wish, { blueprint, bounds, change }: Proposal): Counts {
  if (change.targetWorkers !== undefined) return allocate(change.targetWorkers, bounds);
  return blueprint.digest === old.blueprint.digest ? old.counts : carryOver(old.counts, bounds);
}

function sameCounts(a: Counts, b: Counts): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
