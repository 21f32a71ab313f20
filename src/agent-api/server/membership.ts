import type { Directives } from "../database/directives.ts";
import type { Roster } from "../roster.ts";
import type { TokenIssuer } from "../token-issuer.ts";

/** Who hears of instances that go. */
export interface Endings {
  /** Ids of those whose life has not ended yet. */
  registered(): readonly string[];
  /** An instance is asked to end: it must hear of it. */
  stopping(instance: string): void;
  /** The instance is gone for good: its tasks are free at once. */
  ended(instance: string): void;
}

/** Who belongs to the cluster of an agent server, and how they are known. */
export interface Membership {
  readonly tokens: TokenIssuer;
  roster(directives: Directives): Roster;
  /** Tells of instances that go, where somebody knows. @returns what ends it. */
  watch(endings: Endings): () => void;
}
