import { hostname } from "node:os";
import { SwarmError } from "../errors.ts";
import type { InstanceStatus, SupervisorStatus } from "../runtime/status.ts";
import { readSupervisor, supervisorStatus } from "../runtime/supervisor/client.ts";
import type { Engine } from "../stacks/engine/index.ts";
import { type ClusterRecord, readCluster } from "../stacks/state.ts";
import { type Context, chooseCluster, requireEngine } from "./context.ts";

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
  readonly health: InstanceStatus["health"];
  readonly tasks: number;
  readonly cpu: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly pid: number | undefined;
  readonly startedAt: string | undefined;
  readonly restarts: number;
  readonly reason: string | undefined;
}

/**
 * The folder of a local cluster, from which its supervisor is reached: of the one named, or of the only one.
 *
 * @throws SwarmError SW605 when there is none, SW706 when it is elsewhere, SW801 when there are several
 */
export async function openSite(
  context: Context,
  named: string | undefined,
): Promise<{ readonly cluster: string; readonly dir: string }> {
  const engine = await requireEngine(context);
  const cluster = await chooseCluster(context, engine, named);
  const site = (await readCluster(context.settings, engine, cluster))?.site;
  if (site === undefined) throw new SwarmError("SW605", `cluster ${cluster} has no agents on the local target`);
  if (site.host !== hostname()) {
    throw new SwarmError("SW706", `the agents of ${cluster} run on host ${site.host}, this is ${hostname()}`);
  }
  return { cluster, dir: site.dir };
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
    instances.map(({ id, state, health, tasks, cpu, memoryBytes, pid, startedAt, restarts, reason }) => ({
      cluster: record.cluster,
      instance: id,
      agent,
      role,
      name,
      state,
      health,
      tasks: tasks?.length ?? 0,
      cpu,
      memoryBytes,
      pid,
      startedAt,
      restarts,
      reason,
    })),
  );
}
