/** Public entry of the package. */

export type * from "./blueprint/document.ts";
export { loadBlueprint } from "./blueprint/load.ts";
export type { Blueprint, TargetKind } from "./blueprint/model.ts";
export { parseBlueprint } from "./blueprint/parse.ts";
export type { Transforms } from "./components/transforms.ts";
export { catalogue, type ErrorCode, type ErrorFamily, SwarmError } from "./errors.ts";
export { type AgentReplicas, allocate, type ReplicaLimits } from "./plan/allocate.ts";
export type { DesiredState, DesiredStatePatch } from "./plan/desired-state.ts";
export { AgentCluster, type AgentClusterArgs } from "./program/agent-cluster.ts";
