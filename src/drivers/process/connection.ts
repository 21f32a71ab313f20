import { type SupervisorStatus, supervisorStatusSchema } from "../../agent-api/status.ts";
import { SwarmError } from "../../errors.ts";
import { isAlive } from "../../platform/processes/signal.ts";
import { type Announcement, readAnnouncement } from "../../supervisor/announcement.ts";
import { readSite, readToken, type SitePaths, sitePaths } from "../../supervisor/site.ts";
import { answerMs } from "../control/control.ts";
import { type Call, call, type Endpoint } from "../control/http.ts";

/** What the files of a site say, checked against the process that they name. */
export type SupervisorSighting =
  | { readonly state: "alive"; readonly pid: number; readonly port: number; readonly version: string }
  | { readonly state: "gone" };

/**
 * Whether the site's supervisor lives; it asks no network.
 *
 * @throws SwarmError SW706 when the site is another host's.
 */
export function readSupervisor(dir: string): SupervisorSighting {
  const paths = sitePaths(dir);
  readSite(paths);
  const alive = runningSupervisor(paths);
  return alive ? { state: "alive", pid: alive.pid, port: alive.port, version: alive.version } : { state: "gone" };
}

/** @throws SwarmError SW704 when there is no supervisor, or it does not answer. */
export async function supervisorStatus(dir: string, signal?: AbortSignal): Promise<SupervisorStatus> {
  return supervisorStatusSchema.parse(await ask(sitePaths(dir), { method: "GET", path: "/v1/status", signal }));
}

/** One call to the site's supervisor. @throws SwarmError SW704 when there is no supervisor, or it does not answer. */
export async function ask(paths: SitePaths, request: Omit<Call, "timeoutMs">, timeoutMs = answerMs): Promise<unknown> {
  return call(endpointOf(paths), { ...request, timeoutMs });
}

/** Where the site's supervisor is. @throws SwarmError SW704 when there is none. */
export function endpointOf(paths: SitePaths): Endpoint {
  readSite(paths);
  const alive = runningSupervisor(paths);
  if (alive) return supervisorEndpoint(paths, alive);
  throw new SwarmError("SW704", `No supervisor runs in ${paths.dir}.`, {
    hints: ["Bring the cluster up again: its supervisor is started, and goes on with what is declared."],
    values: { dir: paths.dir },
  });
}

export function runningSupervisor(paths: SitePaths): Announcement | undefined {
  const announced = readAnnouncement(paths);
  return announced && isAlive(announced) ? announced : undefined;
}

export function askProcess(paths: SitePaths, alive: Announcement, request: Call): Promise<unknown> {
  return call(supervisorEndpoint(paths, alive), request);
}

function supervisorEndpoint(paths: SitePaths, { port }: Announcement): Endpoint {
  return { name: `The supervisor on port ${port}`, port, token: readToken(paths) ?? "" };
}
