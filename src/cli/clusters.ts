import type { InstanceStatus, SupervisorStatus } from "../runtime/status.ts";
import { readSupervisor, supervisorStatus } from "../runtime/supervisor/client.ts";
import type { Engine } from "../stacks/engine/index.ts";
import { type ClusterRecord, readCluster } from "../stacks/state.ts";
import type { Context } from "./context.ts";

/** A cluster as recorded, beside what really runs. */
export interface ClusterView {
  readonly record: ClusterRecord;
  /** Undefined when no supervisor runs (here). */
  readonly supervisor: SupervisorStatus | undefined;
}

export interface AgentRow {
  readonly cluster: string;
  readonly instance: string;
  readonly agent: string;
  readonly role: string;
  readonly name: string;
  readonly state: InstanceStatus["state"];
  readonly pid: number | undefined;
  readonly startedAt: string | undefined;
  readonly restarts: number;
  readonly reason: string | undefined;
}

/** Undefined for a stack in which nothing is recorded. @throws SwarmError SW605 when there is no such cluster */
export async function viewCluster(context: Context, engine: Engine, cluster: string): Promise<ClusterView | undefined> {
  const record = await readCluster(context.settings, engine, cluster);
  if (record === undefined) return undefined;
  const dir = record.site?.dir;
  if (dir === undefined || readSupervisor(dir).state === "gone") return { record, supervisor: undefined };
  return { record, supervisor: await supervisorStatus(dir, context.signal) };
}

export function agentRows({ record, supervisor }: ClusterView): AgentRow[] {
  return (supervisor?.pools ?? []).flatMap(({ agent, role, name, instances }) =>
    instances.map(({ id, state, pid, startedAt, restarts, reason }) => ({
      cluster: record.cluster,
      instance: id,
      agent,
      role,
      name,
      state,
      pid,
      startedAt,
      restarts,
      reason,
    })),
  );
}
