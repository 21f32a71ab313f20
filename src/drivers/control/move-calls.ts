import {
  type ExportedDatabase,
  exportedDatabaseSchema,
  type Movable,
  movableSchema,
} from "../../agent-api/control/move-wire.ts";
import { taskPageSchema } from "../../agent-api/control/task-wire.ts";
import type { Control } from "./control.ts";

/** Timeout of the write fence: calls in progress end first. */
const fenceMs = 30_000;
/** Timeout of a transfer: the first task of a cluster opens its queue, and pages are large. */
const transferMs = 60_000;
const pageSize = 200;

/**
 * The state that a cluster can export.
 * @throws SwarmError SW704 when the server does not answer.
 */
export async function readMovable(control: Control, signal?: AbortSignal): Promise<Movable> {
  return movableSchema.parse(await control.ask({ method: "GET", path: "/v1/move", signal }, transferMs));
}

/**
 * Raises or lifts the write fence of a cluster for an operation. While it is raised, registrations, leases,
 * acknowledgements, saves and new tasks wait. It survives a restart of the server.
 * @throws SwarmError SW621 when another operation has raised it, SW704 when the server does not answer.
 */
export async function setWriteFence(
  control: Control,
  state: "shut" | "open",
  operation: string,
  signal?: AbortSignal,
): Promise<void> {
  await control.ask({ method: "PUT", path: "/v1/move/gate", body: { state, operation }, signal }, fenceMs);
}

/**
 * Exports registration epochs and shared memory of a fenced cluster.
 * @throws SwarmError SW620 when it is not fenced, SW704 when the server does not answer.
 */
export async function exportDatabase(control: Control, signal?: AbortSignal): Promise<ExportedDatabase> {
  return exportedDatabaseSchema.parse(
    await control.ask({ method: "GET", path: "/v1/move/ledger", signal }, transferMs),
  );
}

/**
 * Imports an exported database.
 * @throws as `exportDatabase`, and SW625 when the other server uses another format.
 */
export async function importDatabase(
  control: Control,
  exported: ExportedDatabase,
  signal?: AbortSignal,
): Promise<void> {
  await control.ask({ method: "PUT", path: "/v1/move/ledger", body: exported, signal }, transferMs);
}

/**
 * Copies tasks to a cluster that is fenced as a destination; idempotent.
 * @param changedSince only tasks that are open or ended since then, by the clock of `from`, which must be fenced;
 * without it all tasks, which may change meanwhile.
 * @param onPage called with the number of copied tasks.
 * @returns the number of tasks.
 * @throws as `exportDatabase`
 */
export async function copyTasks(
  from: Control,
  to: Control,
  {
    changedSince,
    signal,
    onPage,
  }: {
    readonly changedSince?: number;
    readonly signal: AbortSignal;
    readonly onPage: (exported: number) => void;
  },
): Promise<number> {
  let exported = 0;
  let before: string | undefined;
  do {
    const query = new URLSearchParams({
      limit: String(pageSize),
      ...(before !== undefined && { before }),
      ...(changedSince !== undefined && { changedSince: String(changedSince) }),
    });
    const path = `/v1/move/tasks?${query}`;
    const { items, next } = taskPageSchema.parse(await from.ask({ method: "GET", path, signal }, transferMs));
    if (items.length > 0) await to.ask({ method: "PUT", path: "/v1/move/tasks", body: { items }, signal }, transferMs);
    exported += items.length;
    onPage(exported);
    before = next;
  } while (before !== undefined);
  return exported;
}

/**
 * Makes the server read all states back and compare their hashes.
 * @throws SwarmError SW713 with the damaged or different ones.
 */
export async function verifyStates(
  control: Control,
  roots: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<void> {
  await control.ask({ method: "POST", path: "/v1/move/verify", body: { roots }, signal }, transferMs);
}
