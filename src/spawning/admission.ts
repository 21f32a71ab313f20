import type { SpawnConfig, SpawnTrigger } from "./config.ts";
import type { SpawnState, StoredRecord } from "./records.ts";

/** A request for one node. */
export interface SpawnRequest {
  /** Id of the record. */
  readonly id: string;
  readonly templateNodeId: string;
  /** Template at the start of the chain: the nodes of a chain are numbered together. */
  readonly root: string;
  readonly trigger: SpawnTrigger;
  readonly specialization: Readonly<Record<string, unknown>>;
  readonly spawnDepth: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Why no node may be spawned now. */
export type SpawnRefusal =
  | { readonly because: "limit"; readonly active: number; readonly maxSpawns: number }
  | { readonly because: "cooldown"; readonly leftMs: number }
  | { readonly because: "depth"; readonly spawnDepth: number; readonly maxSpawnDepth: number };

/** Oldest records go first; those of active nodes stay. */
const keptRecords = 1_000;

/** Why a spawn is refused now; undefined: it is allowed. */
export function refuseSpawn(
  { active, lastSpawnAt }: SpawnState,
  { maxSpawns, cooldownMs, maxSpawnDepth }: SpawnConfig,
  { spawnDepth = 0, checkCooldown = true }: { readonly spawnDepth?: number; readonly checkCooldown?: boolean },
  now: number,
): SpawnRefusal | undefined {
  if (spawnDepth > maxSpawnDepth) return { because: "depth", spawnDepth, maxSpawnDepth };
  if (active.length >= maxSpawns) return { because: "limit", active: active.length, maxSpawns };
  const leftMs = lastSpawnAt === undefined ? 0 : lastSpawnAt + cooldownMs - now;
  return checkCooldown && leftMs > 0 ? { because: "cooldown", leftMs } : undefined;
}

/** Id of the next node of a template: `<template>-s<n>`. */
export function nextNodeId({ numbers }: SpawnState, root: string): string {
  return `${root}-s${(numbers[root] ?? 0) + 1}`;
}

/** The state after a spawn that `refuseSpawn` allows. */
export function admit(
  state: SpawnState,
  { root, ...request }: SpawnRequest,
  now: number,
): { readonly state: SpawnState; readonly record: StoredRecord } {
  const spawnedNodeId = nextNodeId(state, root);
  const record = { ...request, spawnedNodeId, timestamp: now };
  const active = [...state.active, spawnedNodeId];
  const surplus = Math.max(0, state.records.length + 1 - keptRecords);
  const old = new Set(state.records.filter((one) => !active.includes(one.spawnedNodeId)).slice(0, surplus));
  return {
    record,
    state: {
      ...state,
      active,
      records: [...state.records.filter((one) => !old.has(one)), record],
      lastSpawnAt: now,
      succeeded: state.succeeded + 1,
      numbers: { ...state.numbers, [root]: (state.numbers[root] ?? 0) + 1 },
      byTrigger: { ...state.byTrigger, [request.trigger]: state.byTrigger[request.trigger] + 1 },
    },
  };
}

/** The state after a node was removed; undefined: it was not there. */
export function release(state: SpawnState, nodeId: string): SpawnState | undefined {
  if (!state.active.includes(nodeId)) return undefined;
  return { ...state, active: state.active.filter((id) => id !== nodeId) };
}

/** The state after an allowed spawn failed: its node is not there, and its cool-down stays. */
export function failed(state: SpawnState, { spawnedNodeId, trigger }: StoredRecord): SpawnState {
  const kept = release(state, spawnedNodeId) ?? state;
  return {
    ...kept,
    records: kept.records.filter((one) => one.spawnedNodeId !== spawnedNodeId),
    failed: kept.failed + 1,
    succeeded: kept.succeeded - 1,
    byTrigger: { ...kept.byTrigger, [trigger]: kept.byTrigger[trigger] - 1 },
  };
}
