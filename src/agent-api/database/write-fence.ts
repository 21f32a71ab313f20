import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { SwarmError } from "../../errors.ts";
import { poll } from "../../platform/wait.ts";
import { LongPollWaiters } from "../long-poll-waiters.ts";

const fenceRow = z.object({ operation: z.string(), state: z.enum(["shut", "open"]) });

export interface FenceOptions {
  /** Asks those inside, who may wait for something, to leave. */
  readonly releaseWaiters: () => void;
  /** How long they have. */
  readonly deadlineMs: number;
}

/**
 * Whether anything of a cluster may change here: shut while its state is carried elsewhere, and where it arrives until all
 * of it is there. It is in the ledger, so a server that is started again finds it as it was. The fencing is the one of
 * facts on leases (Kleppmann, "How to do distributed locking", 2016): checked where the state is, by whoever writes it.
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

  /** Id of the operation for which it is shut; undefined: it is open. */
  get fencedFor(): string | undefined {
    return this.#fencedFor;
  }

  /** How many calls are inside. */
  get inside(): number {
    return this.#inside;
  }

  /**
   * Lets nobody in any more, and waits until all who are inside have left.
   *
   * @throws SwarmError SW621 when it is shut for another operation, SW604 when somebody stays inside
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

  /** Opens it; whoever waits goes on. One that is shut for another operation stays so. @throws SwarmError SW621 then */
  lift(operation: string): void {
    if (this.#fencedFor !== undefined && this.#fencedFor !== operation)
      throw fencedForAnother(this.#fencedFor, operation);
    this.#write(operation, "open");
  }

  /** The state comes with this operation: shut from the first moment until that opens it, once for all. */
  raiseForArrival(operation: string): void {
    if (!this.#rows().some((row) => row.operation === operation)) this.#write(operation, "shut");
  }

  /**
   * Enters as soon as it is open.
   *
   * @returns what tells that the caller has left
   * @throws SwarmError SW716 when it is still shut at the end of the waiting
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

  /** What is written down beside it belongs to a state that nobody changes meanwhile. @throws SwarmError SW620 when it is open */
  requireFenced(): string {
    if (this.#fencedFor !== undefined) return this.#fencedFor;
    throw new SwarmError("SW620", "The state is not carried anywhere now: whoever works here could change it.");
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
  return new SwarmError("SW716", `The cluster is being moved by operation ${operation}.`, {
    hints: ["Try again: it goes on here or elsewhere as soon as its state is there."],
    values: { operation },
  });
}

function fencedForAnother(present: string, asked: string): SwarmError {
  return new SwarmError("SW621", `The cluster is being moved by operation ${present}, not by ${asked}.`, {
    values: { present, asked },
  });
}
