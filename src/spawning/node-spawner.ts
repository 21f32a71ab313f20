import { randomUUID } from "node:crypto";
import { SwarmError } from "../errors.ts";
import { admit, failed, nextNodeId, refuseSpawn, release, type SpawnRefusal } from "./admission.ts";
import { type SpawnConfig, SpawnTrigger, spawnConfig } from "./config.ts";
import type { BaseNode, NodeDefinition, NodeSettings } from "./node.ts";
import { NodeFactory } from "./node-factory.ts";
import {
  emptyState,
  metricsOf,
  recordOf,
  type SpawnMetrics,
  type SpawnRecord,
  type SpawnState,
  type StoredRecord,
} from "./records.ts";
import { memoryStateStore, type SpawnStateStore } from "./state-store.ts";

export interface SpawnOptions {
  /** Settings that replace those of the template. */
  readonly specialization?: NodeSettings;
  /** Default: manual. */
  readonly trigger?: SpawnTrigger;
  /** Place in a chain of clones. Default 0. */
  readonly spawnDepth?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface CloneOptions {
  readonly modifications?: NodeSettings;
  /** Default: manual. */
  readonly trigger?: SpawnTrigger;
}

export interface HistoryFilter {
  /** Only the record of this node. */
  readonly nodeId?: string;
  readonly trigger?: SpawnTrigger;
  /** The newest ones. */
  readonly limit?: number;
}

export interface SpawnStats extends SpawnMetrics {
  readonly config: SpawnConfig;
  readonly activeNodeIds: readonly string[];
  /** Time until the next spawn is allowed. */
  readonly cooldownLeftMs: number;
}

/** Where nodes live: a cluster starts and stops them as agents. Without one they exist in memory only. */
export interface NodeHost {
  /** Starts a node; resolves when it is in the desired state. */
  start(definition: NodeDefinition, record: SpawnRecord): Promise<BaseNode>;
  /** Drains and removes a node. */
  stop(nodeId: string): Promise<void>;
}

export interface SpawnerOptions {
  /** Default: in memory. */
  readonly states?: SpawnStateStore;
  readonly host?: NodeHost;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Spawns nodes at run time within limits: so many at a time, so long apart, so deep a chain of clones. The checks and the record
 * are one change of the state, so they also hold between callers and, in a store, between processes and restarts.
 */
export class NodeSpawner {
  readonly config: SpawnConfig;
  readonly #states: SpawnStateStore;
  readonly #host: NodeHost | undefined;
  readonly #now: () => number;

  /** @throws SwarmError SW740 for a field outside of its range */
  constructor(config: Partial<SpawnConfig> = {}, { states, host, now }: SpawnerOptions = {}) {
    this.config = spawnConfig(config);
    this.#states = states ?? memoryStateStore();
    this.#host = host;
    this.#now = now ?? Date.now;
  }

  /** Whether a spawn is allowed now. @param options.checkCooldown false: also before the cool-down is over */
  async canSpawn({ checkCooldown = true }: { readonly checkCooldown?: boolean } = {}): Promise<boolean> {
    return refuseSpawn(await this.#states.read(), this.config, { checkCooldown }, this.#now()) === undefined;
  }

  /**
   * Spawns a node from a template.
   * @throws SwarmError SW742 when the limit, the cool-down or the depth refuses it; SW741 when its settings are not valid
   */
  async spawnNode(template: NodeDefinition, options: SpawnOptions = {}): Promise<BaseNode> {
    const { specialization = {}, trigger = SpawnTrigger.MANUAL, spawnDepth = 0, metadata = {} } = options;
    return this.#spawn(template, template.id, specialization, { trigger, depth: () => spawnDepth, metadata });
  }

  /**
   * Spawns a node like another one, one deeper in its chain.
   * @throws as `spawnNode`
   */
  async cloneNode(node: BaseNode, options: CloneOptions = {}): Promise<BaseNode> {
    const { modifications = {}, trigger = SpawnTrigger.MANUAL } = options;
    const depth = (state: SpawnState) => (recordIn(state, node.id)?.spawnDepth ?? 0) + 1;
    return this.#spawn(node.definition, node.id, modifications, { trigger, depth, metadata: {} });
  }

  /** Removes a spawned node; false: there is none of that id. */
  async despawnNode(nodeId: string): Promise<boolean> {
    const { active } = await this.#states.read();
    if (!active.includes(nodeId)) return false;
    await this.#host?.stop(nodeId);
    return this.#states.change((state) => {
      const next = release(state, nodeId);
      return { state: next, result: next !== undefined };
    });
  }

  /** The records of spawns, oldest first. */
  async getSpawnHistory({ nodeId, trigger, limit }: HistoryFilter = {}): Promise<SpawnRecord[]> {
    const { records } = await this.#states.read();
    const found = records.filter(
      (one) =>
        (nodeId === undefined || one.spawnedNodeId === nodeId) && (trigger === undefined || one.trigger === trigger),
    );
    return (limit === undefined ? found : found.slice(Math.max(0, found.length - limit))).map(recordOf);
  }

  async getSpawnRecord(nodeId: string): Promise<SpawnRecord | undefined> {
    const record = recordIn(await this.#states.read(), nodeId);
    return record && recordOf(record);
  }

  /** The spawns from a template, and the clones of a node. */
  async getChildren(templateId: string): Promise<SpawnRecord[]> {
    const { records } = await this.#states.read();
    return records.filter(({ templateNodeId }) => templateNodeId === templateId).map(recordOf);
  }

  async getMetrics(): Promise<SpawnMetrics> {
    return metricsOf(await this.#states.read());
  }

  /** Whether a performance triggers a spawn: automatic spawning is on, and it is below the threshold. */
  checkPerformanceTrigger(_nodeId: string, currentPerformance: number): boolean {
    return this.config.enableAutoSpawn && currentPerformance < this.config.performanceThreshold;
  }

  /** Whether a number of requests triggers a spawn: automatic spawning is on, and it is over the threshold. */
  checkWorkloadTrigger(_nodeId: string, currentWorkload: number): boolean {
    return this.config.enableAutoSpawn && currentWorkload > this.config.workloadThreshold;
  }

  /** Forgets all records and the cool-down; nodes of a cluster stay. */
  async reset(): Promise<void> {
    await this.#states.change(() => ({ state: emptyState, result: undefined }));
  }

  async getStats(): Promise<SpawnStats> {
    const state = await this.#states.read();
    const refusal = refuseSpawn({ ...state, active: [] }, this.config, {}, this.#now());
    return {
      ...metricsOf(state),
      config: this.config,
      activeNodeIds: state.active,
      cooldownLeftMs: refusal?.because === "cooldown" ? refusal.leftMs : 0,
    };
  }

  async #spawn(
    from: NodeDefinition,
    templateNodeId: string,
    changes: NodeSettings,
    by: {
      readonly trigger: SpawnTrigger;
      readonly depth: (state: SpawnState) => number;
      readonly metadata: Readonly<Record<string, unknown>>;
    },
  ): Promise<BaseNode> {
    const begun = this.#now();
    const { record, definition } = await this.#states.change((state) => {
      const root = rootOf(state, templateNodeId);
      const spawnDepth = by.depth(state);
      const refusal = refuseSpawn(state, this.config, { spawnDepth }, begun);
      if (refusal !== undefined) throw refused(templateNodeId, refusal);
      // Settings that are not valid use up neither the cool-down nor a place.
      const node = NodeFactory.createFromTemplate(from, nextNodeId(state, root), changes);
      const { trigger, metadata } = by;
      const request = {
        id: randomUUID(),
        templateNodeId,
        root,
        trigger,
        specialization: changes,
        spawnDepth,
        metadata,
      };
      const admitted = admit(state, request, begun);
      return { state: admitted.state, result: { record: admitted.record, definition: node.definition } };
    });
    const node = await this.#start(definition, record);
    const latencyMs = this.#now() - begun;
    await this.#states.change((state) => ({
      state: { ...state, totalLatencyMs: state.totalLatencyMs + latencyMs },
      result: undefined,
    }));
    return node;
  }

  async #start(definition: NodeDefinition, record: StoredRecord): Promise<BaseNode> {
    if (this.#host === undefined) return NodeFactory.createFromDefinition(definition);
    try {
      return await this.#host.start(definition, recordOf(record));
    } catch (error) {
      await this.#states.change((state) => ({ state: failed(state, record), result: undefined }));
      throw error;
    }
  }
}

function recordIn({ records }: SpawnState, nodeId: string): StoredRecord | undefined {
  return records.findLast(({ spawnedNodeId }) => spawnedNodeId === nodeId);
}

/** The template at the start of a node's chain. */
function rootOf(state: SpawnState, id: string): string {
  const parent = recordIn(state, id)?.templateNodeId;
  return parent === undefined ? id : rootOf(state, parent);
}

function refused(template: string, refusal: SpawnRefusal): SwarmError {
  return new SwarmError("SW742", `no node is spawned from ${template}: ${words(refusal)}`, {
    values: { template, refusal },
  });
}

function words(refusal: SpawnRefusal): string {
  switch (refusal.because) {
    case "limit":
      return `${refusal.active} of ${refusal.maxSpawns} spawned nodes are there`;
    case "cooldown":
      return `the cool-down has ${refusal.leftMs} ms left`;
    case "depth":
      return `its depth would be ${refusal.spawnDepth}, and ${refusal.maxSpawnDepth} is the limit`;
    default:
      return refusal satisfies never;
  }
}
