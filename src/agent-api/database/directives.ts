import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

/**
 * A directive for instances; it applies until it is withdrawn. `drain`: take no more tasks, finish or hand back by
 * the deadline, checkpoint, stay alive; `hold`: stay idle from the start.
 */
export type Directive =
  | { readonly kind: "drain" /** Milliseconds since the epoch. */; readonly deadlineAtMs: number }
  | {
      readonly kind: "hold";
      /** For an instance that has registered again after it drained: the drain still applies, and its state is saved. */
      readonly isDrained?: true;
    };

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
  /** An instance reports that it has drained: from now on its saved state is frozen, until no directive applies to it. */
  drained(agent: string, instance: string): void;
  /** An instance has registered, so its process is not the one that drained. */
  registered(instance: string): void;
  /** Whether the saved state of an instance must not change: it is on hold, or it has drained. */
  isFrozen(agent: string, instance: string): boolean;
}

/** An instance that has drained. */
interface Drained {
  readonly agent: string;
  /** It has registered since. */
  readonly isBack: boolean;
}

const drainedRow = z.object({ instance: z.string(), agent: z.string(), back: z.number() });

export class SqliteDirectives implements Directives {
  readonly #database: DatabaseSync;
  readonly #directives = new Map<string, Directive>();
  readonly #drained = new Map<string, Drained>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    for (const row of database.prepare("SELECT scope, kind, deadline_at FROM orders").all()) {
      const { scope, kind, deadline_at } = directiveRow.parse(row);
      this.#directives.set(scope, kind === "hold" ? { kind } : { kind, deadlineAtMs: deadline_at ?? 0 });
    }
    for (const row of database.prepare("SELECT instance, agent, back FROM drained").all()) {
      const { instance, agent, back } = drainedRow.parse(row);
      this.#drained.set(instance, { agent, isBack: back === 1 });
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
    for (const [instance, { agent }] of this.#drained) {
      if (this.#given(agent, instance) !== undefined) continue;
      this.#drained.delete(instance);
      this.#database.prepare("DELETE FROM drained WHERE instance = ?").run(instance);
    }
  }

  inForce(agent: string, instance: string): Directive | undefined {
    const given = this.#given(agent, instance);
    // An agent would save again when it is told to drain.
    return given?.kind === "drain" && this.#drained.get(instance)?.isBack ? { kind: "hold", isDrained: true } : given;
  }

  drained(agent: string, instance: string): void {
    if (this.#drained.has(instance) || this.#given(agent, instance)?.kind !== "drain") return;
    this.#write(instance, { agent, isBack: false });
  }

  registered(instance: string): void {
    const found = this.#drained.get(instance);
    if (found !== undefined && !found.isBack) this.#write(instance, { ...found, isBack: true });
  }

  isFrozen(agent: string, instance: string): boolean {
    return this.#drained.has(instance) || this.#given(agent, instance)?.kind === "hold";
  }

  #given(agent: string, instance: string): Directive | undefined {
    return this.#directives.get(keyOf({ instance })) ?? this.#directives.get(keyOf({ agent }));
  }

  #write(instance: string, drained: Drained): void {
    this.#database
      .prepare("INSERT OR REPLACE INTO drained (instance, agent, back) VALUES (?, ?, ?)")
      .run(instance, drained.agent, drained.isBack ? 1 : 0);
    this.#drained.set(instance, drained);
  }
}

function keyOf(scope: DirectiveScope): string {
  return "agent" in scope ? `agent/${scope.agent}` : `instance/${scope.instance}`;
}
