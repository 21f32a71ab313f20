import { readFileSync } from "node:fs";
import { type SupervisorStatus, supervisorStatusSchema } from "../../agent-api/status.ts";
import { SwarmError } from "../../errors.ts";
import { poll, type WaitLimits } from "../../platform/wait.ts";
import type { Announcement } from "../../supervisor/announcement.ts";
import type { SiteSettings } from "../../supervisor/settings.ts";
import { createSite, type Site, type SitePaths } from "../../supervisor/site.ts";
import { answerMs } from "../control/control.ts";
import { ask, askProcess, runningSupervisor } from "./connection.ts";
import { type StartedProcess, startSupervisor } from "./start.ts";

export interface EnsureOptions extends WaitLimits {
  /** The port to listen on; default: SWARM_API_PORT of the caller's environment, else any free one. */
  readonly port?: number;
  /** Replaces what the supervisor was told. Default: nothing is changed. */
  readonly settings?: SiteSettings;
}

const startDeadlineMs = 30_000;
/** A queue is closed first. */
const settingsMs = 15_000;

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
    async (leftMs) => {
      const alive = runningSupervisor(paths);
      if (alive) return ready(paths, alive, Math.max(1, Math.min(leftMs, answerMs)), options.signal);
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
  if (status) {
    const { settings, signal } = options;
    if (settings) await ask(paths, { method: "PUT", path: "/v1/settings", body: settings, signal }, settingsMs);
    return status;
  }
  const alive = runningSupervisor(paths);
  if (alive) throw doesNotAnswer(paths, alive);
  throw didNotStart(paths, `is not ready after ${deadlineMs} ms`);
}

/** Its status, unless it does not answer (yet) or is about to end. */
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
