import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

/**
 * A directive for instances; it applies until it is withdrawn. `drain`: take no more tasks, finish or hand back by
 * the deadline, checkpoint, stay alive; `hold`: stay idle from the start.
 */
export type Directive =
  | { readonly kind: "drain" /** Milliseconds since the epoch. */; readonly deadlineAtMs: number }
  | { readonly kind: "hold" };

/** The target of a directive: all instances of an agent, or one instance. */
export type DirectiveScope = { readonly agent: string } | { readonly instance: string };

const directiveRow = z.object({
  scope: z.string(),
  kind: z.enum(["drain", "hold"]),
  deadline_at: z.number().nullable(),
});

/** Stored directives: they survive restarts of the supervisor and of the instances. */
export interface Directives {
  give(scope: DirectiveScope, directive: Directive): void;
  callOff(scope: DirectiveScope): void;
  /** The directive that applies to an instance: its own one overrides that of its agent. */
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
