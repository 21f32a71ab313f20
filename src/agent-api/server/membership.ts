import type { Directives } from "../database/directives.ts";
import type { Roster } from "../roster.ts";
import type { TokenIssuer } from "../token-issuer.ts";

/** Receives the ends of instances. */
export interface Endings {
  /** Ids of instances whose registration is current. */
  registered(): readonly string[];
  /** An instance is terminating: it must be told. */
  stopping(instance: string): void;
  /** The instance is gone: its tasks become available at once. */
  ended(instance: string): void;
}

/** Membership of the cluster of an agent server, and how instances authenticate. */
export interface Membership {
  readonly tokens: TokenIssuer;
  roster(directives: Directives): Roster;
  /**
   * Reports ends of instances, where the platform provides them.
   * @returns a function that stops watching.
   */
  watch(endings: Endings): () => void;
}
