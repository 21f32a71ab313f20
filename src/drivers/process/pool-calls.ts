import { startupOf } from "../../agent-api/health/startup.ts";
import type { InstanceState } from "../../agent-api/instance-state.ts";
import { type FastCount, type PoolOwner, type PoolStatus, poolStatusSchema } from "../../agent-api/status.ts";
import { SwarmError } from "../../errors.ts";
import { poll, type WaitLimits } from "../../platform/wait.ts";
import type { PoolSpec } from "../../supervisor/pool-spec.ts";
import { sitePaths } from "../../supervisor/site.ts";
import { ask, readSupervisor, supervisorStatus } from "./connection.ts";

const stopDeadlineMs = 120_000;
/** Time that a running supervisor may be silent: a slow disk, or many starts and stops at once, can block it. */
const silenceMs = 60_000;

/**
 * Declares a pool, and returns at once; see `waitForPool`. Declaring the same spec again changes nothing; another
 * count starts or stops instances; another command, environment or role restarts them one by one.
 * @throws SwarmError SW703 when the agent belongs to another owner, SW608 when the spec is invalid, SW704 when the
 * supervisor does not answer.
 */
export async function putPool(dir: string, spec: PoolSpec, signal?: AbortSignal): Promise<PoolStatus> {
  const path = `/v1/pools/${encodeURIComponent(spec.agent)}`;
  return poolStatusSchema.parse(await ask(sitePaths(dir), { method: "PUT", path, body: spec, signal }));
}

/**
 * Applies the count of an autoscaler, without the engine: it applies until another count is declared. Instances over it finish their
 * tasks first.
 * @throws SwarmError SW718 when it was decided for another generation, an earlier write, or during an operation; SW705 when there is
 * no such agent; SW704 when the supervisor does not answer.
 */
export async function scalePool(
  dir: string,
  agent: string,
  count: FastCount & { readonly uid: string },
  signal?: AbortSignal,
): Promise<PoolStatus> {
  const path = `/v1/pools/${encodeURIComponent(agent)}/count`;
  return poolStatusSchema.parse(await ask(sitePaths(dir), { method: "PUT", path, body: count, signal }));
}

export interface DeletePoolOptions extends WaitLimits {
  /** When given, only this owner's pool is deleted. */
  readonly owner?: PoolOwner;
}

/**
 * Deletes a pool and waits until its last instance has stopped. Deleting a missing pool succeeds.
 * @param options.deadlineMs default 2 minutes.
 * @throws SwarmError SW703 when the pool belongs to another owner, SW604 at the deadline, SW704 when the supervisor
 * does not answer, SW606 when aborted.
 */
export async function deletePool(dir: string, agent: string, options: DeletePoolOptions = {}): Promise<void> {
  const { owner, signal, deadlineMs = stopDeadlineMs } = options;
  const paths = sitePaths(dir);
  const query = owner ? `?${new URLSearchParams({ uid: owner.uid, urn: owner.urn })}` : "";
  await ask(paths, { method: "DELETE", path: `/v1/pools/${encodeURIComponent(agent)}${query}`, signal });
  const gone = async () => ((await findPool(dir, agent, signal)) ? undefined : true);
  if (await poll(patiently(dir, gone), { deadlineMs, signal, intervalMs: 100 })) return;
  throw new SwarmError("SW604", `agent ${agent} has not stopped after ${deadlineMs} ms`, {
    values: { agent, deadlineMs },
  });
}

export interface WaitForPoolOptions extends WaitLimits {
  /** Called with each new status, the first time at once; a change of measurements alone does not count. */
  readonly onProgress?: (pool: PoolStatus) => void;
}

/**
 * Waits until exactly `running` instances of the current spec have started and no other is left. Ends when an instance
 * fails to start.
 * @param options.deadlineMs default 2 minutes.
 * @throws SwarmError SW640 at the deadline or when an instance does not start, with the reason of each instance that is not running;
 * SW705 when there is no such pool; SW704 when the supervisor does not answer; SW606 when aborted.
 */
export async function waitForPool(
  dir: string,
  agent: string,
  running: number,
  options: WaitForPoolOptions = {},
): Promise<PoolStatus> {
  const { onProgress, signal, deadlineMs = stopDeadlineMs } = options;
  let last: PoolStatus | undefined;
  let seen: string | undefined;
  const loops = new CrashLoops();
  const begun = performance.now();
  const look = async () => {
    const pool = await findPool(dir, agent, signal);
    if (!pool) throw new SwarmError("SW705", `agent ${agent} does not exist`, { values: { agent, dir } });
    last = pool;
    const states = statesOf(pool);
    if (states !== seen) onProgress?.(pool);
    seen = states;
    if (loops.hopeless(pool).length > 0) throw notConverged(agent, running, performance.now() - begun, pool);
    // A retiring instance stays as long as it holds a task.
    const staying = pool.instances.filter(({ retiring }) => retiring !== true).length;
    return pool.updated === running && staying === running ? pool : undefined;
  };
  const pool = await poll(patiently(dir, look), { deadlineMs, signal, intervalMs: 100 });
  if (pool) return pool;
  throw notConverged(agent, running, deadlineMs, last);
}

/** Treats an unanswered call as "not yet" while the supervisor runs and has answered recently. */
function patiently<Found>(dir: string, look: () => Promise<Found>): () => Promise<Found | undefined> {
  let heardAt = performance.now();
  return async () => {
    try {
      const found = await look();
      heardAt = performance.now();
      return found;
    } catch (error) {
      const isSilent = error instanceof SwarmError && error.code === "SW704";
      const registrations = isSilent && readSupervisor(dir).state === "alive";
      if (registrations && performance.now() - heardAt < silenceMs) return undefined;
      throw error;
    }
  };
}

function statesOf({ instances, ...pool }: PoolStatus): string {
  return JSON.stringify([pool, instances.map(({ id, pid, state, reason }) => [id, pid, state, reason])]);
}

async function findPool(dir: string, agent: string, signal: AbortSignal | undefined): Promise<PoolStatus | undefined> {
  return (await supervisorStatus(dir, signal)).pools.find((pool) => pool.agent === agent);
}

function notConverged(agent: string, wanted: number, waitedMs: number, pool: PoolStatus | undefined): SwarmError {
  const others = pool?.instances.filter((instance) => instance.state !== "running") ?? [];
  const reasons = others.map(
    (instance) => `${instance.id}: ${instance.state}${instance.reason ? `: ${instance.reason}` : ""}`,
  );
  const message = `agent ${agent}: ${pool?.running ?? 0} of ${wanted} instances have started after ${Math.round(waitedMs / 1000)} s`;
  return new SwarmError("SW640", [message, ...reasons].join("\n"), { values: { agent, wanted, waitedMs, pool } });
}

/** Detects crash loops in a pool during a wait. */
export class CrashLoops {
  readonly #first = new Map<string, number>();

  /** Instances that cannot start (`startupOf`); exits before the first call do not count. */
  hopeless({ instances }: PoolStatus): readonly string[] {
    return instances.flatMap(({ id, restarts, state }) => {
      const first = this.#first.get(id) ?? restarts;
      this.#first.set(id, first);
      return isHopeless(state, restarts - first) ? [id] : [];
    });
  }
}

/** Whether waiting cannot help; the supervisor measures the start period. */
function isHopeless(process: InstanceState, exits: number): boolean {
  const signs = { registered: false, mustRegister: true, ranForMs: 0, startPeriodMs: 0 };
  return startupOf({ ...signs, process, exits }) === "failed";
}
