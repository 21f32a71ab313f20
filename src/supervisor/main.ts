/**
 * The supervisor's process: `main FOLDER [DESCRIPTOR]`. The first argument is the folder of its site, the second an
 * open descriptor to which it writes a startup error as JSON. See `ensureSupervisor`, which starts it.
 */
import { randomUUID } from "node:crypto";
import { readdirSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { openBackend } from "../agent-api/backend.ts";
import { EventRing } from "../agent-api/events/ring.ts";
import { folderAudit } from "../agent-api/refusals.ts";
import { tokenIssuer } from "../agent-api/token-issuer.ts";
import { SwarmError, toSwarmError } from "../errors.ts";
import { systemClock } from "../platform/clock.ts";
import { writeJson } from "../platform/files.ts";
import { acquireLock, type FolderLock } from "../platform/lock.ts";
import { printable } from "../platform/printable.ts";
import { identify } from "../platform/processes/identity.ts";
import { rotate } from "../platform/rotation.ts";
import { openTaskSource } from "../tasks/task-source.ts";
import { startUpkeep } from "../tasks/upkeep.ts";
import { packageVersion } from "../version.ts";
import { type Announcement, readAnnouncement } from "./announcement.ts";
import { alsoListenOnSocket, apiSocket, listenOnlyOnSocket } from "./api-socket.ts";
import { InstanceLogs } from "./instance-logs.ts";
import type { LaunchPad } from "./launch.ts";
import { fixedPort, listen } from "./listen.ts";
import { SiteRecords } from "./record.ts";
import { createServer } from "./server.ts";
import { LiveSettings, type SiteSettings } from "./settings.ts";
import { readSite, readToken, type SitePaths, type SiteRecord, sitePaths } from "./site.ts";
import { PoolSupervisor } from "./supervisor.ts";

/** Interval of log rotation and of checks that the site still exists. */
const houseworkMs = 1_000;

function log(message: string): void {
  console.log(`${new Date().toISOString()} ${printable(message)}`);
}

async function run(paths: SitePaths): Promise<void> {
  const site = readSite(paths);
  const token = readToken(paths);
  if (!site || !token) throw new SwarmError("SW701", `${paths.dir} is not the folder of a supervisor`);
  const lock = acquireLock(paths.lock);
  if (!lock) return log("another supervisor holds the lock of this site");
  await supervise(paths, site, token, lock);
}

async function supervise(paths: SitePaths, site: SiteRecord, token: string, lock: FolderLock): Promise<void> {
  const { cluster, id, uid, arrival } = site;
  const version = packageVersion();
  const clock = systemClock;
  const tokens = tokenIssuer(token, uid, clock);
  const settings = new LiveSettings(paths);
  const audit = folderAudit(paths.dir, clock, (error) => log(`not audited: ${String(error)}`));
  const backend = openBackend({
    ...{ cluster: uid, tokens, clock, arrival, database: paths.database, checkpoints: paths.checkpoints },
    tasks: openTaskSource({ cluster: uid, folder: paths.dir, settings: () => settings.present, clock }),
    audit,
    events: new EventRing(randomUUID(), clock.now),
  });
  // Instances need the API's address when they start, and the server needs the supervisor: hence the late `api`.
  const socket = apiSocket(paths);
  const pad: Mutable<LaunchPad> = {
    paths,
    mark: { dir: paths.dir, id },
    cluster,
    api: undefined,
    socket,
    tokens,
    settings,
    logs: new InstanceLogs(paths, log),
  };
  const records = new SiteRecords(paths);
  const supervisor = new PoolSupervisor(
    { pad, records, clock, random: Math.random, log },
    { cluster, version },
    backend,
  );
  let remove = false;
  const shutDown = (why: string, removeSite = false) => {
    remove ||= removeSite;
    log(`stopping everything: ${why}`);
    supervisor.close();
  };
  const change = async (next: SiteSettings) => {
    if (settings.change(next)) await backend.dispatcher.reopen();
  };
  const app = createServer({
    supervisor,
    token,
    onSettings: change,
    onShutdown: (removeSite) => shutDown("asked to", removeSite),
  });
  const announced = readAnnouncement(paths);
  const fixed = fixedPort(process.env.SWARM_API_PORT);
  const port = fixed === "off" ? undefined : await listen(app, { fixed, preferred: announced?.port });
  const stopSocket = await (port === undefined ? listenOnlyOnSocket : alsoListenOnSocket)(app, socket);
  if (port !== undefined) pad.api = `http://127.0.0.1:${port}`;

  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => shutDown(signal));
  process.on("SIGHUP", () => {});
  supervisor.recover(announced !== undefined && hasMoved(announced, port, socket));
  const identity = identify(process.pid);
  if (!identity) throw new Error("the identity of this process cannot be read");
  writeJson(paths.supervisor, { ...identity, port, socket, version });
  log(`supervising ${cluster} as process ${process.pid} on ${port === undefined ? "" : `port ${port} and `}${socket}`);

  const stopUpkeep = startUpkeep({
    ...{ present: () => backend.presentQueue(), clock, random: Math.random },
    onDeadLettered: (tasks) => supervisor.api.events.add("tasks.buried", { tasks }),
    onError: (error) => log(`task maintenance failed: ${String(error)}`),
  });
  let gone = false;
  const housework = setInterval(() => {
    if (!gone && !lock.stands()) {
      gone = true;
      shutDown("the site was deleted");
    }
    if (gone) return;
    rotateAll(paths);
    renewTokens(supervisor);
  }, houseworkMs);
  await supervisor.closed;
  clearInterval(housework);
  stopUpkeep();
  // Without the lock, another site may use the folder and the socket's path by now; closing would remove its socket.
  if (lock.stands()) {
    stopSocket();
    await app.close();
    rmSync(socket, { force: true });
    if (remove && dirname(socket) !== paths.api) rmSync(dirname(socket), { recursive: true, force: true });
  }
  await backend.close();
  if (!remove && lock.stands()) audit.close();
  if (remove && lock.stands()) rmSync(paths.dir, { recursive: true, force: true });
  else if (lock.stands()) rmSync(paths.supervisor, { force: true });
  log("stopped");
  lock.release();
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Whether running instances know an address at which this supervisor does not listen. */
function hasMoved(announced: Announcement, port: number | undefined, socket: string): boolean {
  return announced.port !== port || (announced.socket !== undefined && announced.socket !== socket);
}

function rotateAll(paths: SitePaths): void {
  try {
    const logs = readdirSync(paths.logs).filter((name) => name.endsWith(".log"));
    for (const path of [paths.supervisorLog, ...logs.map((name) => join(paths.logs, name))]) rotate(path);
  } catch (error) {
    log(`log rotation failed: ${String(error)}`);
  }
}

function renewTokens(supervisor: PoolSupervisor): void {
  try {
    supervisor.renewTokens();
  } catch (error) {
    log(`token renewal failed: ${String(error)}`);
  }
}

function reportFailure(thrown: unknown, descriptor: number): void {
  const error = toSwarmError(thrown);
  console.error(thrown);
  try {
    writeSync(descriptor, JSON.stringify(error.toJSON()));
  } catch {
    // No process reads the descriptor; the error is in the log.
  }
}

const [, , folder = ".", descriptor = "2"] = process.argv;
try {
  await run(sitePaths(folder));
  process.exit(0);
} catch (thrown) {
  reportFailure(thrown, Number(descriptor));
  process.exit(1);
}
