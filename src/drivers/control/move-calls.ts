import {
  type ExportedDatabase,
  exportedDatabaseSchema,
  type Movable,
  movableSchema,
} from "../../agent-api/control/move-wire.ts";
import { taskPageSchema } from "../../agent-api/control/task-wire.ts";
import type { Control } from "./control.ts";

/** Calls that are on their way end first. */
const fenceMs = 30_000;
/** The first task of a cluster opens its queue, and pages are large. */
const transferMs = 60_000;
const pageSize = 200;

/** What there is to be carried elsewhere. @throws SwarmError SW704 when nobody answers */
export async function readMovable(control: Control, signal?: AbortSignal): Promise<Movable> {
  return movableSchema.parse(await control.ask({ method: "GET", path: "/v1/move", signal }, transferMs));
}

/**
 * Shuts or opens the gate of a cluster for an operation: while it is shut no agent registers, takes or ends a task, or saves
 * anything, and nobody gives one; all of them wait. It stays so through a restart of the server.
 *
 * @throws SwarmError SW621 when it is shut for another operation, SW704 when nobody answers
 */
export async function setWriteFence(
  control: Control,
  state: "shut" | "open",
  operation: string,
  signal?: AbortSignal,
): Promise<void> {
  await control.ask({ method: "PUT", path: "/v1/move/gate", body: { state, operation }, signal }, fenceMs);
}

/** Lives and shared memory of a cluster whose gate is shut. @throws SwarmError SW620 when it is open, SW704 when nobody answers */
export async function exportDatabase(control: Control, signal?: AbortSignal): Promise<ExportedDatabase> {
  return exportedDatabaseSchema.parse(
    await control.ask({ method: "GET", path: "/v1/move/ledger", signal }, transferMs),
  );
}

/** @throws as `exportDatabase`, and SW625 when the other server speaks of such things otherwise */
export async function importDatabase(
  control: Control,
  exported: ExportedDatabase,
  signal?: AbortSignal,
): Promise<void> {
  await control.ask({ method: "PUT", path: "/v1/move/ledger", body: exported, signal }, transferMs);
}

/**
 * Carries tasks of a cluster to another one, which waits for it; the same again changes nothing.
 *
 * @param changedSince only those that are open, or have ended since then, by the clock of `from`, whose gate must be shut; without
 *   it all, which may be changed meanwhile
 * @param onPage told how many have been carried so far
 * @returns how many there are
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

/** Has the server read all these states back, and compare their hashes. @throws SwarmError SW713 with those that are not whole, or others */
export async function verifyStates(
  control: Control,
  roots: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<void> {
  await control.ask({ method: "POST", path: "/v1/move/verify", body: { roots }, signal }, transferMs);
}
