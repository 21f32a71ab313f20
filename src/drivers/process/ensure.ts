import { readFileSync } from "node:fs";
import { type SupervisorStatus, supervisorStatusSchema } from "../../agent-api/status.ts";
import { SwarmError } from "../../errors.ts";
import { poll, type WaitLimits } from "../../platform/wait.ts";
import type { Announcement } from "../../supervisor/announcement.ts";
import type { SiteSettings } from "../../supervisor/settings.ts";
import { createSite, readSite, type Site, type SitePaths, sitePaths } from "../../supervisor/site.ts";
import { answerMs } from "../control/control.ts";
import { ask, askProcess, readSupervisor, runningSupervisor } from "./connection.ts";
import { type StartedProcess, startSupervisor } from "./start.ts";

export interface EnsureOptions extends WaitLimits {
  /** Port to listen on; "off": none; default: SWARM_API_PORT of the caller's environment, else any free one. */
  readonly port?: number | "off";
  /** New settings of the supervisor. Default: unchanged. */
  readonly settings?: SiteSettings;
}

const startDeadlineMs = 30_000;
/** Timeout of a change of settings, which closes the queue first. */
const settingsMs = 15_000;

/**
 * Ensures that the site's supervisor runs and answers, and starts it if needed. Concurrent callers get the same one.
 * After a kill or a reboot a new one adopts the running instances and starts the others.
 * @param options.deadlineMs default 30 s.
 * @throws SwarmError SW701 when it does not start, with the end of its log; SW702 when its fixed port is in use;
 * SW703 when the folder belongs to another cluster; SW704 when its process is running but does not answer; SW706 on
 * another host; SW606 when aborted.
 */
export async function ensureSupervisor(site: Site, options: EnsureOptions = {}): Promise<SupervisorStatus> {
  const deadlineMs = options.deadlineMs ?? startDeadlineMs;
  const port = options.port?.toString() ?? process.env.SWARM_API_PORT;
  let paths = createSite(site);
  let started: StartedProcess | undefined;
  const status = await poll(
    async (leftMs) => {
      const alive = runningSupervisor(paths);
      if (alive) return ready(paths, alive, Math.max(1, Math.min(leftMs, answerMs)), options.signal);
      const ended = started?.ended();
      if (started === undefined || ended?.code === 0) {
        // The first start; or this one exited because another supervisor was faster and has ended since.
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
  if (status) {
    const { settings, signal } = options;
    if (settings) await ask(paths, { method: "PUT", path: "/v1/settings", body: settings, signal }, settingsMs);
    return status;
  }
  const alive = runningSupervisor(paths);
  if (alive) throw doesNotAnswer(paths, alive);
  throw didNotStart(paths, `is not ready after ${deadlineMs} ms`);
}

/** Its status, unless it does not answer yet or is stopping. */
async function ready(
  paths: SitePaths,
  alive: Announcement,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<SupervisorStatus | undefined> {
  try {
    const answer = await askProcess(paths, alive, { method: "GET", path: "/v1/status", timeoutMs, signal });
    const status = supervisorStatusSchema.parse(answer);
    return status.closing ? undefined : status;
  } catch (error) {
    if (error instanceof SwarmError && error.code === "SW704") return undefined;
    throw error;
  }
}

function doesNotAnswer(paths: SitePaths, alive: Announcement): SwarmError {
  return new SwarmError(
    "SW704",
    `the supervisor of ${paths.dir} is running (process ${alive.pid}) but does not answer on ${alive.socket ?? `port ${alive.port}`}`,
    {
      hints: [
        `Kill process ${alive.pid}: its instances keep running, and the next command starts a new supervisor that adopts them`,
      ],
      values: { ...alive },
    },
  );
}

function didNotStart(paths: SitePaths, how: string): SwarmError {
  const log = endOfLog(paths.supervisorLog);
  return new SwarmError("SW701", `the supervisor of ${paths.dir} ${how}${log === "" ? "" : `\n${log}`}`, {
    hints: [`Log: ${paths.supervisorLog}`],
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

/**
 * Restarts the supervisor of a site after it was killed; it adopts running instances.
 * @returns its process id; undefined if one is running, or there is no such site.
 * @throws SwarmError SW706 when the site belongs to another host, and as `ensureSupervisor`.
 */
export async function reattachSupervisor(dir: string, signal?: AbortSignal): Promise<number | undefined> {
  const site = readSite(sitePaths(dir));
  if (site === undefined || readSupervisor(dir).state === "alive") return undefined;
  const { cluster, uid, owner, arrival } = site;
  return (await ensureSupervisor({ dir, cluster, uid, owner, arrival }, signal && { signal })).pid;
}
