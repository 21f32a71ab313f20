import { toJson } from "../../store/json.ts";
import type { Records, Store } from "../../store/store.ts";
import type { NotApplied, Write, Written } from "../actuators/actuator.ts";
import { decide } from "../decide/decide.ts";
import type { AgentDecision } from "../decide/decision.ts";
import type { ScalingMemory } from "../decide/memory.ts";
import type { ClusterObservation } from "../observation.ts";
import type { Cause } from "./bell.ts";
import { type CountChange, changesOf, signatureOf } from "./decision-entry.ts";
import type { ScalingLease } from "./lease.ts";
import type { ScaledCluster } from "./scaled-cluster.ts";
import { afterWrites, type Scaler, type TurnReport } from "./scaler.ts";
import { memorySignature } from "./stored-memory.ts";

export interface ClusterScalerOptions {
  readonly store: Store;
  readonly lease: ScalingLease;
  /** See `memoryAtStart`. */
  readonly memory: ScalingMemory;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Writes of one lease: the token is the upper part of their sequence, so that a later holder has higher ones. */
const writesPerToken = 1_000_000;

/**
 * Looks at one cluster and scales it, under the lease of the cluster. A decision is recorded before it is written, and how the write
 * ended after it. Nothing is recorded while nothing changes.
 */
export class ClusterScaler implements Scaler {
  readonly #options: ClusterScalerOptions;
  #memory: ScalingMemory;
  #recorded = { memory: "", decisions: "" };
  #writes = 0;
  /** The previous holder may still be about to write: the counts of now are written first, with a higher sequence. */
  #mustFence: boolean;

  constructor(options: ClusterScalerOptions) {
    this.#options = options;
    this.#memory = options.memory;
    this.#mustFence = options.lease.isTakeOver;
  }

  /** @throws SwarmError SW601 when another process has taken the lease over; nothing was recorded */
  async turn(cluster: ScaledCluster, trigger: Cause, signal: AbortSignal): Promise<TurnReport> {
    const observation = await cluster.observe(signal);
    const config = await cluster.config();
    const at = this.#options.now();
    const before = this.#memory;
    const { memory, agents } = decide(before, observation, config, at);
    const changes = changesOf(agents);
    const report = { at, trigger, observation, agents };
    const fences = this.#mustFence ? fencesOf(observation, agents, changes) : [];
    const decisions = signatureOf(agents);
    if (decisions === this.#recorded.decisions && changes.length + fences.length === 0) {
      this.#memory = memory;
      await this.#remember(cluster.id);
      return { ...report, changes: [] };
    }
    const id = await this.#fenced(async ({ scalingDecisions }) => {
      await scalingDecisions.prune(cluster.id);
      return scalingDecisions.append({
        ...{ clusterId: cluster.id, token: this.#options.lease.lease.token, causedBy: trigger },
        detail: toJson({ memory: before, observation, config, now: at, agents }),
      });
    });
    this.#recorded = { ...this.#recorded, decisions };
    const written = await this.#write(cluster, [...changes, ...fences], signal);
    if (written.slice(changes.length).every(({ ok }) => ok)) this.#mustFence = false;
    const outcome = changes.map((decision, index) => ({ decision, written: written[index] ?? silent }));
    this.#memory = afterWrites(before, memory, outcome);
    if (outcome.length > 0) {
      const settled = outcome.map(({ decision: { agent }, written }) => ({ agent, ...written }));
      await this.#fenced(({ scalingDecisions }) => scalingDecisions.settle(id, toJson(settled)));
    }
    await this.#remember(cluster.id);
    return { ...report, changes: outcome };
  }

  async #write(
    cluster: ScaledCluster,
    counts: readonly { readonly agent: string; readonly to: number }[],
    signal: AbortSignal,
  ): Promise<readonly Written[]> {
    if (counts.length === 0) return [];
    const { store, lease } = this.#options;
    // An operation of the cluster holds its lease: until it ends, the counts are its matter.
    const operation = await store.leases.show(`cluster/${cluster.id}`);
    if (operation !== undefined)
      return counts.map(() => refused("operation", "an operation of the cluster is running"));
    if (!lease.isCurrent())
      return counts.map(() => refused("moved-on", "another process may scale the cluster by now"));
    const { uid, generation } = cluster.identity;
    const seq = lease.lease.token * writesPerToken + ++this.#writes;
    const writes: Write[] = counts.map(({ agent, to }) => ({ uid, generation, seq, agent, count: to }));
    return cluster.actuator.apply(writes, signal);
  }

  async #remember(clusterId: string): Promise<void> {
    const memory = memorySignature(this.#memory);
    if (memory === this.#recorded.memory) return;
    await this.#fenced(({ scalingMemories }) => scalingMemories.write(clusterId, toJson(this.#memory)));
    this.#recorded = { ...this.#recorded, memory };
  }

  #fenced<Value>(work: (records: Records) => Promise<Value>): Promise<Value> {
    const { store, lease } = this.#options;
    return store.fenced(lease.lease, work);
  }
}

const silent = refused("unreachable", "the target said nothing about this agent");

function refused(code: NotApplied, reason: string): Written {
  return { ok: false, code, reason };
}

/** The present counts of the agents that do not change. */
function fencesOf(
  { agents: observed }: ClusterObservation,
  agents: Readonly<Record<string, AgentDecision>>,
  changes: readonly CountChange[],
): readonly { readonly agent: string; readonly to: number }[] {
  const changing = new Set(changes.map(({ agent }) => agent));
  return Object.keys(agents).flatMap((agent) => {
    const desired = observed[agent]?.live?.desired;
    return desired === undefined || changing.has(agent) ? [] : [{ agent, to: desired }];
  });
}
