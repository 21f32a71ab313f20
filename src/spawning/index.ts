/** Public entry `swarmstack/spawning`: nodes that are created at run time. */
export { type SpawnConfig, SpawnTrigger, spawnConfig } from "./config.ts";
export { type BaseNode, type NodeDefinition, type NodeSettings, type NodeStats, NodeType } from "./node.ts";
export { NodeFactory, type NodeKind } from "./node-factory.ts";
export {
  type CloneOptions,
  type HistoryFilter,
  type NodeHost,
  NodeSpawner,
  type SpawnerOptions,
  type SpawnOptions,
  type SpawnStats,
} from "./node-spawner.ts";
export type { SpawnMetrics, SpawnRecord } from "./records.ts";
