import { statSync } from "node:fs";
import { type SupervisorStatus, supervisorStatusSchema } from "../../agent-api/status.ts";
import { SwarmError } from "../../errors.ts";
import { isAlive } from "../../platform/processes/signal.ts";
import { proveSocketOwner } from "../../platform/socket-owner.ts";
import { type Announcement, readAnnouncement } from "../../supervisor/announcement.ts";
import { readSite, readToken, type SitePaths, sitePaths } from "../../supervisor/site.ts";
import { answerMs } from "../control/control.ts";
import { type Call, call, type Endpoint } from "../control/http.ts";

/** State of a supervisor from the files of its site, verified against the process. */
export type SupervisorSighting =
  | { readonly state: "alive"; readonly pid: number; readonly port: number | undefined; readonly version: string }
  | { readonly state: "gone" };

/**
 * Whether the site's supervisor is running; without a network call.
 * @throws SwarmError SW706 when the site belongs to another host.
 */
export function readSupervisor(dir: string): SupervisorSighting {
  const paths = sitePaths(dir);
  readSite(paths);
  const alive = runningSupervisor(paths);
  return alive ? { state: "alive", pid: alive.pid, port: alive.port, version: alive.version } : { state: "gone" };
}

/**
 * Status of the site's supervisor.
 * @throws SwarmError SW704 when there is no supervisor, or it does not answer.
 */
export async function supervisorStatus(dir: string, signal?: AbortSignal): Promise<SupervisorStatus> {
  return supervisorStatusSchema.parse(await ask(sitePaths(dir), { method: "GET", path: "/v1/status", signal }));
}

/**
 * Calls the site's supervisor.
 * @throws SwarmError SW704 when there is no supervisor, or it does not answer.
 */
export async function ask(paths: SitePaths, request: Omit<Call, "timeoutMs">, timeoutMs = answerMs): Promise<unknown> {
  return call(endpointOf(paths), { ...request, timeoutMs });
}

/**
 * Address of the site's supervisor.
 * @throws SwarmError SW704 when there is none.
 */
export function endpointOf(paths: SitePaths): Endpoint {
  readSite(paths);
  const alive = runningSupervisor(paths);
  if (alive) return supervisorEndpoint(paths, alive);
  throw new SwarmError("SW704", `no supervisor is running in ${paths.dir}`, {
    hints: ["swarmctl up"],
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

/** Prefers the socket: the port of a supervisor that has ended may be used by another user's process. */
function supervisorEndpoint(paths: SitePaths, { port, socket }: Announcement): Endpoint {
  const token = readToken(paths) ?? "";
  if (socket === undefined) return { name: `the supervisor on port ${port}`, port, token };
  proveSocketOwner(socket, statSync(paths.token).uid);
  return { name: `the supervisor on ${socket}`, socketPath: socket, token };
}
