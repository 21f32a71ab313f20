import { appendFileSync } from "node:fs";
import { rotate } from "../rotation.ts";

/** Something that must be told apart later: who wanted what, and what became of it. */
export interface AuditEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `instance:writer-0`; "unknown" where no token says who it is. */
  readonly actor: string;
  /** e.g. `agent.register`, `agent.refused`. */
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Takes entries and gives none back. It never fails the call that it tells of. */
export interface AuditSink {
  append(entry: AuditEntry): void;
}

/** Entries between two looks at the size of the file. */
const lookEvery = 100;

/** One JSON line for each entry, written when the call returns; bounded like a log. */
export function auditFile(path: string, onError: (error: unknown) => void): AuditSink {
  let entries = 0;
  return {
    append(entry) {
      try {
        if (entries++ % lookEvery === 0) rotate(path);
        appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
      } catch (error) {
        onError(error);
      }
    },
  };
}
