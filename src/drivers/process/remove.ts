import { existsSync, rmSync } from "node:fs";
import { SwarmError } from "../../errors.ts";
import { acquireLock, type FolderLock } from "../../platform/lock.ts";
import { markedProcesses } from "../../platform/processes/marked.ts";
import { isAlive, signalProcess } from "../../platform/processes/signal.ts";
import { stopTree } from "../../platform/processes/stop.ts";
import { poll, type WaitLimits } from "../../platform/wait.ts";
import type { Announcement } from "../../supervisor/announcement.ts";
import { SiteRecords } from "../../supervisor/record.ts";
import { readSite, type SitePaths, sitePaths } from "../../supervisor/site.ts";
import { ask, runningSupervisor } from "./connection.ts";

const stopDeadlineMs = 120_000;

/**
 * Stops all instances and then the supervisor. The specs of the pools stay: the next `ensureSupervisor` starts them again. No supervisor
 * is success; then nothing is stopped (see `removeSite`).
 *
 * @param limits.deadlineMs default 2 minutes.
 * @throws SwarmError SW704 when it does not answer or does not end in time, SW706 on another host, SW606 when aborted.
 */
export async function stopSupervisor(dir: string, limits: WaitLimits = {}): Promise<void> {
  const paths = sitePaths(dir);
  readSite(paths);
  const alive = runningSupervisor(paths);
  if (!alive) return;
  await ask(paths, { method: "POST", path: "/v1/shutdown", body: { removeSite: false }, signal: limits.signal });
  if (await endsWithin(alive, limits)) return;
  throw new SwarmError("SW704", `The supervisor (process ${alive.pid}) still stops its instances.`, {
    values: { ...alive },
  });
}

/**
 * Stops everything of a site and deletes its folder: also a supervisor that does not answer any more, and instances that a killed one has left
 * behind (on Linux found by their mark even when the folder is gone already). A folder that is not there is success.
 *
 * @param limits.deadlineMs default 2 minutes.
 * @throws SwarmError SW704 when a process does not go away, SW706 on another host, SW606 when aborted.
 */
export async function removeSite(dir: string, limits: WaitLimits = {}): Promise<void> {
  const paths = sitePaths(dir);
  readSite(paths);
  const alive = runningSupervisor(paths);
  if (alive) await endSupervisor(paths, alive, limits);
  if (!existsSync(paths.dir)) return stopLeftovers(paths);
  const lock = await takeLock(paths, limits);
  try {
    await stopLeftovers(paths);
    rmSync(paths.dir, { recursive: true, force: true });
  } finally {
    lock.release();
  }
}

async function endSupervisor(paths: SitePaths, alive: Announcement, limits: WaitLimits): Promise<void> {
  try {
    await ask(paths, { method: "POST", path: "/v1/shutdown", body: { removeSite: true }, signal: limits.signal });
    if (await endsWithin(alive, limits)) return;
  } catch (error) {
    if (!(error instanceof SwarmError) || error.code === "SW606") throw error;
  }
  signalProcess(alive, "SIGKILL", false);
  if (!(await endsWithin(alive, limits)))
    throw new SwarmError("SW704", `Process ${alive.pid} cannot be killed.`, { values: { ...alive } });
}

/** As long as we hold it nobody can start a supervisor here. */
async function takeLock(paths: SitePaths, limits: WaitLimits): Promise<FolderLock> {
  const lock = await poll(() => acquireLock(paths.lock), {
    deadlineMs: limits.deadlineMs ?? stopDeadlineMs,
    signal: limits.signal,
  });
  if (lock) return lock;
  throw new SwarmError("SW704", `Another supervisor has started in ${paths.dir}.`, { values: { dir: paths.dir } });
}

async function stopLeftovers(paths: SitePaths): Promise<void> {
  const site = { dir: paths.dir };
  const recorded = new Map(new SiteRecords(paths).instances().map((record) => [record.id, record]));
  const ids = new Set([...recorded.keys(), ...markedProcesses(site).map((process) => process.instance)]);
  const stops = [...ids].map(async (instance) => {
    const record = recorded.get(instance);
    const tree = { site, instance, leader: record?.process };
    if (await stopTree(tree, record?.stopTimeoutMs ?? 5_000)) return;
    throw new SwarmError("SW704", `A process of ${instance} cannot be killed.`, { values: { instance } });
  });
  await Promise.all(stops);
}

async function endsWithin(process: Announcement, limits: WaitLimits): Promise<boolean> {
  const ended = () => (isAlive(process) ? undefined : true);
  return (await poll(ended, { deadlineMs: limits.deadlineMs ?? stopDeadlineMs, signal: limits.signal })) === true;
}
