import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

/**
 * What instances are told to do until it is called off. `drain`: take no more, finish or hand back by the deadline, checkpoint, stay;
 * `hold`: stay idle from the start.
 */
export type Directive =
  | { readonly kind: "drain" /** Milliseconds since the epoch. */; readonly deadlineAtMs: number }
  | { readonly kind: "hold" };

/** Whom an order is for: all instances of an agent, or one of them. */
export type DirectiveScope = { readonly agent: string } | { readonly instance: string };

const directiveRow = z.object({
  scope: z.string(),
  kind: z.enum(["drain", "hold"]),
  deadline_at: z.number().nullable(),
});

/** Standing orders: they outlive the supervisor and the instances. */
export interface Directives {
  give(scope: DirectiveScope, directive: Directive): void;
  callOff(scope: DirectiveScope): void;
  /** The order in force for an instance: its own comes before that of its agent. */
  inForce(agent: string, instance: string): Directive | undefined;
}

export class SqliteDirectives implements Directives {
  readonly #database: DatabaseSync;
  readonly #directives = new Map<string, Directive>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    for (const row of database.prepare("SELECT scope, kind, deadline_at FROM orders").all()) {
      const { scope, kind, deadline_at } = directiveRow.parse(row);
      this.#directives.set(scope, kind === "hold" ? { kind } : { kind, deadlineAtMs: deadline_at ?? 0 });
    }
  }

  give(scope: DirectiveScope, directive: Directive): void {
    const deadline = directive.kind === "drain" ? directive.deadlineAtMs : null;
    this.#database
      .prepare("INSERT OR REPLACE INTO orders (scope, kind, deadline_at) VALUES (?, ?, ?)")
      .run(keyOf(scope), directive.kind, deadline);
    this.#directives.set(keyOf(scope), directive);
  }

  callOff(scope: DirectiveScope): void {
    if (!this.#directives.delete(keyOf(scope))) return;
    this.#database.prepare("DELETE FROM orders WHERE scope = ?").run(keyOf(scope));
  }

  inForce(agent: string, instance: string): Directive | undefined {
    return this.#directives.get(keyOf({ instance })) ?? this.#directives.get(keyOf({ agent }));
  }
}

function keyOf(scope: DirectiveScope): string {
  return "agent" in scope ? `agent/${scope.agent}` : `instance/${scope.instance}`;
}
