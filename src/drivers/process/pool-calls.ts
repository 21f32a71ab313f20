import { type PoolOwner, type PoolStatus, poolStatusSchema } from "../../agent-api/status.ts";
import { SwarmError } from "../../errors.ts";
import { poll, type WaitLimits } from "../../platform/wait.ts";
import type { PoolSpec } from "../../supervisor/pool-spec.ts";
import { sitePaths } from "../../supervisor/site.ts";
import { ask, readSupervisor, supervisorStatus } from "./connection.ts";

const stopDeadlineMs = 120_000;
/** How long a supervisor that lives may be kept from answering: by the disk, or by all whom it starts and ends at once. */
const silenceMs = 60_000;

/**
 * Declares a pool, and returns at once; see `waitForPool`. The same spec again changes nothing; another count starts or stops instances;
 * another command, environment or role restarts them one by one.
 *
 * @throws SwarmError SW703 when the agent is another owner's, SW608 when the spec is not valid, SW704 when nobody answers.
 */
export async function putPool(dir: string, spec: PoolSpec, signal?: AbortSignal): Promise<PoolStatus> {
  const path = `/v1/pools/${encodeURIComponent(spec.agent)}`;
  return poolStatusSchema.parse(await ask(sitePaths(dir), { method: "PUT", path, body: spec, signal }));
}

export interface DeletePoolOptions extends WaitLimits {
  /** When given, only this owner's pool is removed. */
  readonly owner?: PoolOwner;
}

/**
 * Removes a pool and waits until its last instance has stopped. One that is not there is success.
 *
 * @param options.deadlineMs default 2 minutes.
 * @throws SwarmError SW703 when the pool is another owner's, SW604 at the deadline, SW704 when nobody answers, SW606 when aborted.
 */
export async function deletePool(dir: string, agent: string, options: DeletePoolOptions = {}): Promise<void> {
  const { owner, signal, deadlineMs = stopDeadlineMs } = options;
  const paths = sitePaths(dir);
  const query = owner ? `?${new URLSearchParams({ uid: owner.uid, urn: owner.urn })}` : "";
  await ask(paths, { method: "DELETE", path: `/v1/pools/${encodeURIComponent(agent)}${query}`, signal });
  const gone = async () => ((await findPool(dir, agent, signal)) ? undefined : true);
  if (await poll(patiently(dir, gone), { deadlineMs, signal, intervalMs: 100 })) return;
  throw new SwarmError("SW604", `Agent ${agent} is not stopped after ${deadlineMs} ms.`, {
    values: { agent, deadlineMs },
  });
}

export interface WaitForPoolOptions extends WaitLimits {
  /** Called with each new status, the first time at once; what is only measured makes none. */
  readonly onProgress?: (pool: PoolStatus) => void;
}

/**
 * Waits until exactly `running` instances run, all of the present spec, and no other is left. One that ends again and again ends the wait.
 *
 * @param options.deadlineMs default 2 minutes.
 * @throws SwarmError SW604 at the deadline or of a crash loop, with the reason of each instance that does not run; SW705 when there is no such pool; SW704
 * when nobody answers; SW606 when aborted.
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
    if (!pool) throw new SwarmError("SW705", `There is no agent ${agent}.`, { values: { agent, dir } });
    last = pool;
    const states = statesOf(pool);
    if (states !== seen) onProgress?.(pool);
    seen = states;
    if (loops.hopeless(pool).length > 0) throw notConverged(agent, running, performance.now() - begun, pool);
    return pool.updated === running && pool.instances.length === running ? pool : undefined;
  };
  const pool = await poll(patiently(dir, look), { deadlineMs, signal, intervalMs: 100 });
  if (pool) return pool;
  throw notConverged(agent, running, deadlineMs, last);
}

/** A look that finds nobody who answers is no answer, as long as the supervisor lives and has not been silent for too long. */
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
  const message = `Agent ${agent}: ${pool?.running ?? 0} of ${wanted} instances run after ${Math.round(waitedMs / 1000)} s.`;
  return new SwarmError("SW604", [message, ...reasons].join("\n"), { values: { agent, wanted, waitedMs, pool } });
}

/** Restarts during one wait after which an instance is taken for one that cannot run: about 15 s, by the back-off. */
const hopelessRestarts = 5;

/** Tells which instances of a pool end again and again while somebody waits for them. */
export class CrashLoops {
  readonly #first = new Map<string, number>();

  /** Instances that wait to be started again, and were started again `hopelessRestarts` times since they were first seen here. */
  hopeless({ instances }: PoolStatus): readonly string[] {
    return instances.flatMap(({ id, restarts, state }) => {
      const first = this.#first.get(id) ?? restarts;
      this.#first.set(id, first);
      return state === "backing-off" && restarts - first >= hopelessRestarts ? [id] : [];
    });
  }
}
