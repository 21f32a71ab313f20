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
import { auditAll, auditStore } from "../audit.ts";
import type { EventRing } from "../events/ring.ts";
import { readTls, type TlsFiles } from "../http/tls.ts";
import { auditApart, folderAudit, limitRefusals, tableRefusals } from "../refusals.ts";
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
  /** Id of the operation that migrates the state here; undefined unless the cluster is being migrated. */
  readonly arrival?: string | undefined;
  /**
   * Queue of the tasks: a Redis, or a PostgreSQL server, which then also stores the audit. Default: a table in the
   * folder.
   */
  readonly redis?: string | undefined;
  readonly database?: string | undefined;
  readonly membership: (clock: Clock) => Membership | Promise<Membership>;
  readonly onProblem: (message: string) => void;
  /** Aborts the wait for the folder. */
  readonly signal: AbortSignal;
}

export interface Serving {
  /** Base URL of the agent API. */
  readonly url: string;
  readonly events: EventRing;
  close(): Promise<void>;
}

/**
 * How long to wait for the folder: the lock outlives a killed server briefly, and a new pod may start before the old
 * one ends.
 */
const takeOverMs = 30_000;

/**
 * Serves the agent API of one cluster from a folder, which it locks. Registrations, directives, shared memory and
 * checkpoints survive restarts and crashes.
 * @throws SwarmError SW703 when another server uses the folder, SW702 when the port is in use, SW603 when the store
 * cannot be opened, SW802 when the certificate cannot be read, SW606 when aborted.
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { cluster, version, folder, redis, database, onProblem, signal } = options;
  const clock = systemClock;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = await poll(() => acquireLock(join(folder, "lock")), { deadlineMs: takeOverMs, signal });
  if (lock === undefined) throw new SwarmError("SW703", `another agent server uses ${folder}`, { values: { folder } });

  const problem = (what: string) => (error: unknown) => onProblem(`${what}: ${String(error)}`);
  const file = folderAudit(folder, clock, problem("not audited"));
  const store = database === undefined ? undefined : await openAuditStore(database, folder, clock);
  const table = store && auditStore(store.audit, cluster.uid, problem("not audited in the store"));
  const refused = table && limitRefusals(table, tableRefusals, clock);
  const streams = Object.fromEntries(cluster.agents.flatMap(({ key, queue }) => (queue ? [[key, queue]] : [])));
  const settings = { streams, ...(redis !== undefined && { redis }), ...(database !== undefined && { database }) };
  const server = createAgentServer({
    ...{ cluster, version, folder, clock, arrival: options.arrival },
    membership: await options.membership(clock),
    tasks: openTaskSource({ cluster: cluster.uid, folder, settings: () => settings, clock }),
    audit: table === undefined || refused === undefined ? file : auditAll([file, auditApart(table, refused)]),
    ...(options.tls !== undefined && { tls: readTls(options.tls) }),
  });
  const { events } = server.parts;
  const stopUpkeep = startUpkeep({
    ...{ present: () => server.backend.presentQueue(), clock, random: Math.random },
    onDeadLettered: (tasks) => events.add("tasks.buried", { tasks }),
    onError: problem("task maintenance failed"),
  });

  async function close(): Promise<void> {
    stopUpkeep();
    await server.close();
    file.close();
    refused?.close();
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
  return new SwarmError("SW702", `port ${port} of ${host} is in use`, { values: { host, port } });
}
