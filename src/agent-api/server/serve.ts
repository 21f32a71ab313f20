import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SwarmError } from "../../errors.ts";
import { type Clock, systemClock } from "../../platform/clock.ts";
import { systemCode } from "../../platform/files.ts";
import { acquireLock } from "../../platform/lock.ts";
import { poll } from "../../platform/wait.ts";
import { storeLocation } from "../../store/location.ts";
import { openTaskSource } from "../../tasks/task-source.ts";
import { startUpkeep } from "../../tasks/upkeep.ts";
import { auditAll, auditFile, auditStore } from "../audit.ts";
import type { EventRing } from "../events/ring.ts";
import { readTls, type TlsFiles } from "../http/tls.ts";
import type { ServedCluster } from "./cluster-file.ts";
import type { Membership } from "./membership.ts";
import { createAgentServer } from "./server.ts";
import { controlSocket, listenOnSocket } from "./socket.ts";

export interface ServeOptions {
  readonly cluster: ServedCluster;
  readonly version: string;
  readonly folder: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly tls?: TlsFiles | undefined;
  /** Id of the operation that brings the state here, where it comes from elsewhere. */
  readonly arrival?: string | undefined;
  /** Keep the tasks: a Redis, or a PostgreSQL server, which then also has the audit. Without them a table in the folder. */
  readonly redis?: string | undefined;
  readonly database?: string | undefined;
  readonly membership: (clock: Clock) => Membership | Promise<Membership>;
  readonly onProblem: (message: string) => void;
  /** Ends the wait for the folder. */
  readonly signal: AbortSignal;
}

export interface Serving {
  /** Base URL of the agent API. */
  readonly url: string;
  readonly events: EventRing;
  close(): Promise<void>;
}

/** One that was killed is gone a moment before its lock is, and a pod that takes over may come before the other has ended. */
const takeOverMs = 30_000;

/**
 * Serves the agent API of one cluster from a folder, which no other server may have at the same time. After a restart, however the last
 * one ended, lives, orders, memory and checkpoints are as they were.
 *
 * @throws SwarmError SW703 when another server has the folder, SW702 when the port is in use, SW603 when the store cannot be opened,
 * SW802 when the certificate cannot be read, SW606 when aborted.
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { cluster, version, folder, redis, database, onProblem, signal } = options;
  const clock = systemClock;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = await poll(() => acquireLock(join(folder, "lock")), { deadlineMs: takeOverMs, signal });
  if (lock === undefined)
    throw new SwarmError("SW703", `Another agent server works in ${folder}.`, { values: { folder } });

  const problem = (what: string) => (error: unknown) => onProblem(`${what}: ${String(error)}`);
  const file = auditFile(join(folder, "audit.log"), problem("not audited"));
  const store = database === undefined ? undefined : await openAuditStore(database, folder, clock);
  const table = store && auditStore(store.audit, cluster.uid, problem("not audited in the store"));
  const streams = Object.fromEntries(cluster.agents.flatMap(({ key, queue }) => (queue ? [[key, queue]] : [])));
  const settings = { streams, ...(redis !== undefined && { redis }), ...(database !== undefined && { database }) };
  const server = createAgentServer({
    ...{ cluster, version, folder, clock, arrival: options.arrival },
    membership: await options.membership(clock),
    tasks: openTaskSource({ cluster: cluster.uid, folder, settings: () => settings, clock }),
    audit: table === undefined ? file : auditAll([file, table]),
    ...(options.tls !== undefined && { tls: readTls(options.tls) }),
  });
  const { events } = server.parts;
  const stopUpkeep = startUpkeep({
    ...{ present: () => server.backend.presentQueue(), clock, random: Math.random },
    onDeadLettered: (tasks) => events.add("tasks.buried", { tasks }),
    onError: problem("tasks not looked after"),
  });

  async function close(): Promise<void> {
    stopUpkeep();
    await server.close();
    await table?.settled();
    await store?.close();
    lock?.release();
  }

  try {
    await listenOnSocket(server.control, controlSocket(folder, tmpdir()));
    const address = await server.app.listen(options.listen);
    return { url: options.tls === undefined ? address : address.replace(/^http:/, "https:"), events, close };
  } catch (error) {
    await close();
    throw systemCode(error) === "EADDRINUSE" ? inUse(options.listen) : error;
  }
}

async function openAuditStore(database: string, folder: string, clock: Clock) {
  const { openStore } = await import("../../store/store.ts");
  return openStore(storeLocation(database, folder), clock);
}

function inUse({ host, port }: ServeOptions["listen"]): SwarmError {
  return new SwarmError("SW702", `Port ${port} of ${host} is in use.`, { values: { host, port } });
}
