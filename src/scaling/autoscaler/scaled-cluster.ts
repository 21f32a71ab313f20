import type { Cluster } from "../../store/clusters.ts";
import type { Actuator, Write } from "../actuators/actuator.ts";
import type { ScalingConfig } from "../decide/config.ts";
import type { ClusterObservation } from "../observation.ts";
import type { Bell } from "./bell.ts";

/** A cluster with all that its autoscaler reads and writes, as its row was when it was opened. */
export interface ScaledCluster {
  readonly id: string;
  readonly name: string;
  /** Version of the row. */
  readonly version: number;
  /** Identity of the counts that it writes: that of the recorded desired state. */
  readonly identity: Pick<Write, "uid" | "generation">;
  /** The rules of the recorded blueprint, with the pins and pauses in force. */
  config(): Promise<ScalingConfig>;
  observe(signal: AbortSignal): Promise<ClusterObservation>;
  readonly actuator: Actuator;
  /** Rings when work is pushed, until it is closed. */
  listen(bell: Bell): void;
  close(): Promise<void>;
}

/** Opens a cluster by its row; undefined when nothing of it is scaled by us. @throws SwarmError when its target cannot be reached from here */
export type OpenScaledCluster = (row: Cluster) => Promise<ScaledCluster | undefined>;

const steadyStates: readonly Cluster["status"][] = ["ACTIVE", "SCALING_UP", "SCALING_DOWN"];

/** Whether the autoscaler attends to a cluster at all; it writes only while it is ACTIVE. */
export function isAttended({ status }: Pick<Cluster, "status">): boolean {
  return steadyStates.includes(status);
}
