import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

/**
 * What instances are told to do until it is called off. `drain`: take no more, finish or hand back by the deadline, checkpoint, stay;
 * `hold`: stay idle from the start.
 */
export type Order =
  | { readonly kind: "drain" /** Milliseconds since the epoch. */; readonly deadlineAtMs: number }
  | { readonly kind: "hold" };

/** Whom an order is for: all instances of an agent, or one of them. */
export type OrderScope = { readonly agent: string } | { readonly instance: string };

const orderRow = z.object({ scope: z.string(), kind: z.enum(["drain", "hold"]), deadline_at: z.number().nullable() });

/** Standing orders: they outlive the supervisor and the instances. */
export interface Orders {
  give(scope: OrderScope, order: Order): void;
  callOff(scope: OrderScope): void;
  /** The order in force for an instance: its own comes before that of its agent. */
  inForce(agent: string, instance: string): Order | undefined;
}

export class SqliteOrders implements Orders {
  readonly #database: DatabaseSync;
  readonly #orders = new Map<string, Order>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    for (const row of database.prepare("SELECT scope, kind, deadline_at FROM orders").all()) {
      const { scope, kind, deadline_at } = orderRow.parse(row);
      this.#orders.set(scope, kind === "hold" ? { kind } : { kind, deadlineAtMs: deadline_at ?? 0 });
    }
  }

  give(scope: OrderScope, order: Order): void {
    const deadline = order.kind === "drain" ? order.deadlineAtMs : null;
    this.#database
      .prepare("INSERT OR REPLACE INTO orders (scope, kind, deadline_at) VALUES (?, ?, ?)")
      .run(keyOf(scope), order.kind, deadline);
    this.#orders.set(keyOf(scope), order);
  }

  callOff(scope: OrderScope): void {
    if (!this.#orders.delete(keyOf(scope))) return;
    this.#database.prepare("DELETE FROM orders WHERE scope = ?").run(keyOf(scope));
  }

  inForce(agent: string, instance: string): Order | undefined {
    return this.#orders.get(keyOf({ instance })) ?? this.#orders.get(keyOf({ agent }));
  }
}

function keyOf(scope: OrderScope): string {
  return "agent" in scope ? `agent/${scope.agent}` : `instance/${scope.instance}`;
}
