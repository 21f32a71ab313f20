import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { SwarmError } from "../../errors.ts";
import { poll } from "../../platform/wait.ts";
import { LongPollWaiters } from "../long-poll-waiters.ts";

const fenceRow = z.object({ operation: z.string(), state: z.enum(["shut", "open"]) });

export interface FenceOptions {
  /** Tells calls in progress that may be waiting to return. */
  readonly releaseWaiters: () => void;
  /** How long they may take. */
  readonly deadlineMs: number;
}

/**
 * Persistent write fence held during a migration: raised on the source while its state is exported, and on the
 * destination until all state has arrived. It is stored in the database, so a restarted server finds it raised. The
 * state's writer checks it (fencing as in Kleppmann, "How to do distributed locking", 2016).
 */
export class WriteFence {
  readonly #database: DatabaseSync;
  readonly #waiting = new LongPollWaiters();
  #fencedFor: string | undefined;
  #inside = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#fencedFor = this.#rows().find(({ state }) => state === "shut")?.operation;
  }

  /** Id of the operation that has raised the fence; undefined: not raised. */
  get fencedFor(): string | undefined {
    return this.#fencedFor;
  }

  /** Number of calls in progress. */
  get inside(): number {
    return this.#inside;
  }

  /**
   * Admits no more calls, and waits until all calls in progress have ended.
   * @throws SwarmError SW621 when another operation has raised the fence, SW604 when a call does not end in time.
   */
  async raise(operation: string, { releaseWaiters: dismiss, deadlineMs }: FenceOptions): Promise<void> {
    if (this.#fencedFor !== undefined && this.#fencedFor !== operation)
      throw fencedForAnother(this.#fencedFor, operation);
    this.#write(operation, "shut");
    const left = await poll(
      () => {
        dismiss();
        return this.#inside === 0 || undefined;
      },
      { deadlineMs, intervalMs: 20 },
    );
    if (left === undefined) {
      throw new SwarmError("SW604", `${this.#inside} calls have not ended after ${deadlineMs} ms`, {
        values: { inside: this.#inside, deadlineMs },
      });
    }
  }

  /**
   * Lowers the fence; waiting calls proceed.
   * @throws SwarmError SW621 when another operation has raised it.
   */
  lift(operation: string): void {
    if (this.#fencedFor !== undefined && this.#fencedFor !== operation)
      throw fencedForAnother(this.#fencedFor, operation);
    this.#write(operation, "open");
  }

  /** Raises the fence on a migration's destination, at its first start only; lifting it is final. */
  raiseForArrival(operation: string): void {
    if (!this.#rows().some((row) => row.operation === operation)) this.#write(operation, "shut");
  }

  /**
   * Enters as soon as the fence is down.
   * @returns a function that marks the call as ended.
   * @throws SwarmError SW716 when the fence is still raised at the end of the wait.
   */
  async enter(until: AbortSignal): Promise<() => void> {
    while (this.#fencedFor !== undefined) {
      if (until.aborted) throw isFenced(this.#fencedFor);
      await this.#waiting.wait("", until);
    }
    this.#inside++;
    let inside = true;
    return () => {
      if (inside) this.#inside--;
      inside = false;
    };
  }

  /**
   * Requires the fence, so that state read or written here does not change.
   * @throws SwarmError SW620 when it is not raised.
   */
  requireFenced(): string {
    if (this.#fencedFor !== undefined) return this.#fencedFor;
    throw new SwarmError("SW620", "the write fence is not raised: agents could change the state during the migration");
  }

  #write(operation: string, state: "shut" | "open"): void {
    this.#database.prepare("INSERT OR REPLACE INTO gate (operation, state) VALUES (?, ?)").run(operation, state);
    this.#fencedFor = state === "shut" ? operation : undefined;
    this.#waiting.releaseAll();
  }

  #rows() {
    return this.#database
      .prepare("SELECT operation, state FROM gate")
      .all()
      .map((row) => fenceRow.parse(row));
  }
}

function isFenced(operation: string): SwarmError {
  return new SwarmError("SW716", `the cluster is being moved by operation ${operation}`, {
    hints: ["Retry: the cluster resumes here or at its destination after the migration"],
    values: { operation },
  });
}

function fencedForAnother(present: string, asked: string): SwarmError {
  return new SwarmError("SW621", `the cluster is being moved by operation ${present}, not by ${asked}`, {
    values: { present, asked },
  });
}
