import { readFileSync } from "node:fs";
import { SwarmError } from "../../errors.ts";
import type { PoolOwner, PoolSpec } from "../pool.ts";
import { isAlive } from "../processes/signal.ts";
import { createSite, readSite, readToken, type Site, type SitePaths, sitePaths } from "../site.ts";
import type { PoolStatus, SupervisorStatus } from "../status.ts";
import { poll } from "../wait.ts";
import { type Announcement, readAnnouncement } from "./announcement.ts";
import { type Call, call } from "./http.ts";
import { type StartedProcess, startSupervisor } from "./start.ts";

/** What the files of a site say, checked against the process that they name. */
export type SupervisorSighting =
  | { readonly state: "alive"; readonly pid: number; readonly port: number; readonly version: string }
  | { readonly state: "gone" };

export interface WaitLimits {
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export interface EnsureOptions extends WaitLimits {
  /** The port to listen on; default: SWARM_API_PORT of the caller's environment, else any free one. */
  readonly port?: number;
}

const answerMs = 5_000;
const startDeadlineMs = 30_000;
const stopDeadlineMs = 120_000;

/**
 * Makes sure that the site's supervisor runs and answers, and starts it if need be. Two callers at once get the same one. One that was
 * killed, or ended by a reboot, is started again: it takes over the instances that live and starts the others.
 *
 * @param options.deadlineMs default 30 s.
 * @throws SwarmError SW701 when it does not start, with the end of its log; SW702 when its fixed port is in use; SW703 when the
 * folder belongs to another cluster; SW704 when its process lives but does not answer; SW706 on another host; SW606 when aborted.
 */
export async function ensureSupervisor(site: Site, options: EnsureOptions = {}): Promise<SupervisorStatus> {
  const deadlineMs = options.deadlineMs ?? startDeadlineMs;
  const port = options.port?.toString() ?? process.env.SWARM_API_PORT;
  let paths = createSite(site);
  let started: StartedProcess | undefined;
  const status = await poll(
    async () => {
      const alive = livingSupervisor(paths);
      if (alive) return ready(paths, alive, options.signal);
      const ended = started?.ended();
      if (started === undefined || ended?.code === 0) {
        // The first start; or ours ended in peace, because another one was faster and, as it seems, is gone again.
        paths = createSite(site);
        started = startSupervisor(paths, port);
      } else if (ended) {
        throw (
          ended.error ??
          didNotStart(paths, `ended with ${ended.code === null ? "a signal" : `exit code ${ended.code}`}`)
        );
      }
      return undefined;
    },
    { deadlineMs, signal: options.signal },
  );
  if (status) return status;
  const alive = livingSupervisor(paths);
  if (alive) throw doesNotAnswer(paths, alive);
  throw didNotStart(paths, `is not ready after ${deadlineMs} ms`);
}

/**
 * Whether the site's supervisor lives; it asks no network.
 *
 * @throws SwarmError SW706 when the site is another host's.
 */
export function readSupervisor(dir: string): SupervisorSighting {
  const paths = sitePaths(dir);
  readSite(paths);
  const alive = livingSupervisor(paths);
  return alive ? { state: "alive", pid: alive.pid, port: alive.port, version: alive.version } : { state: "gone" };
}

/** @throws SwarmError SW704 when there is no supervisor, or it does not answer. */
export async function supervisorStatus(dir: string, signal?: AbortSignal): Promise<SupervisorStatus> {
  return (await ask(sitePaths(dir), { method: "GET", path: "/v1/status", signal })) as SupervisorStatus;
}

/**
 * Declares a pool, and returns at once; see `waitForPool`. The same spec again changes nothing; another count starts or stops instances;
 * another command, environment or role restarts them one by one.
 *
 * @throws SwarmError SW703 when the agent is another owner's, SW608 when the spec is not valid, SW704 when nobody answers.
 */
export async function putPool(dir: string, spec: PoolSpec, signal?: AbortSignal): Promise<PoolStatus> {
  const path = `/v1/pools/${encodeURIComponent(spec.agent)}`;
  return (await ask(sitePaths(dir), { method: "PUT", path, body: spec, signal })) as PoolStatus;
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
  if (await poll(gone, { deadlineMs, signal, intervalMs: 100 })) return;
  throw new SwarmError("SW604", `Agent ${agent} is not stopped after ${deadlineMs} ms.`, {
    values: { agent, deadlineMs },
  });
}

export interface WaitForPoolOptions extends WaitLimits {
  /** Called with each new status, the first time at once. */
  readonly onProgress?: (pool: PoolStatus) => void;
}

/**
 * Waits until exactly `running` instances run, all of the present spec, and no other is left.
 *
 * @param options.deadlineMs default 2 minutes.
 * @throws SwarmError SW604 at the deadline, with the reason of each instance that does not run; SW705 when there is no such pool; SW704
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
  const look = async () => {
    const pool = await findPool(dir, agent, signal);
    if (!pool) throw new SwarmError("SW705", `There is no agent ${agent}.`, { values: { agent, dir } });
    if (JSON.stringify(pool) !== JSON.stringify(last)) onProgress?.(pool);
    last = pool;
    return pool.updated === running && pool.instances.length === running ? pool : undefined;
  };
  const pool = await poll(look, { deadlineMs, signal, intervalMs: 100 });
  if (pool) return pool;
  throw notConverged(agent, running, deadlineMs, last);
}

/** Used by `stop.ts` beside this file. @throws SwarmError SW704 when there is no supervisor, or it does not answer. */
export async function ask(paths: SitePaths, request: Omit<Call, "timeoutMs">): Promise<unknown> {
  readSite(paths);
  const alive = livingSupervisor(paths);
  if (!alive) {
    throw new SwarmError("SW704", `No supervisor runs in ${paths.dir}.`, {
      hints: ["Bring the cluster up again: its supervisor is started, and goes on with what is declared."],
      values: { dir: paths.dir },
    });
  }
  return call({ port: alive.port, token: readToken(paths) ?? "" }, { ...request, timeoutMs: answerMs });
}

export function livingSupervisor(paths: SitePaths): Announcement | undefined {
  const announced = readAnnouncement(paths);
  return announced && isAlive(announced) ? announced : undefined;
}

/** Its status, unless it does not answer (yet) or is about to end. */
async function ready(
  paths: SitePaths,
  alive: Announcement,
  signal: AbortSignal | undefined,
): Promise<SupervisorStatus | undefined> {
  try {
    const endpoint = { port: alive.port, token: readToken(paths) ?? "" };
    const status = (await call(endpoint, {
      method: "GET",
      path: "/v1/status",
      timeoutMs: answerMs,
      signal,
    })) as SupervisorStatus;
    return status.closing ? undefined : status;
  } catch (error) {
    if (error instanceof SwarmError && error.code === "SW704") return undefined;
    throw error;
  }
}

async function findPool(dir: string, agent: string, signal: AbortSignal | undefined): Promise<PoolStatus | undefined> {
  return (await supervisorStatus(dir, signal)).pools.find((pool) => pool.agent === agent);
}

function notConverged(agent: string, wanted: number, deadlineMs: number, pool: PoolStatus | undefined): SwarmError {
  const others = pool?.instances.filter((instance) => instance.state !== "running") ?? [];
  const reasons = others.map(
    (instance) => `${instance.id}: ${instance.state}${instance.reason ? `: ${instance.reason}` : ""}`,
  );
  const message = `Agent ${agent}: ${pool?.running ?? 0} of ${wanted} instances run after ${deadlineMs} ms.`;
  return new SwarmError("SW604", [message, ...reasons].join("\n"), { values: { agent, wanted, deadlineMs, pool } });
}

function doesNotAnswer(paths: SitePaths, alive: Announcement): SwarmError {
  return new SwarmError(
    "SW704",
    `The supervisor of ${paths.dir} lives (process ${alive.pid}) but does not answer on port ${alive.port}.`,
    {
      hints: [
        `End process ${alive.pid}: its instances live on, and the next command starts a new supervisor that takes them over.`,
      ],
      values: { ...alive },
    },
  );
}

function didNotStart(paths: SitePaths, how: string): SwarmError {
  const log = endOfLog(paths.supervisorLog);
  return new SwarmError("SW701", `The supervisor of ${paths.dir} ${how}.${log === "" ? "" : `\n${log}`}`, {
    hints: [`Its log is ${paths.supervisorLog}.`],
    values: { dir: paths.dir, log },
  });
}

function endOfLog(path: string): string {
  try {
    return readFileSync(path, "utf8").trimEnd().split("\n").slice(-10).join("\n");
  } catch {
    return "";
  }
}
