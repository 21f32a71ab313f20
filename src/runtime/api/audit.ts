import { appendFile } from "node:fs/promises";
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

/** One JSON line for each entry, in the order of the calls; bounded like a log. */
export function auditFile(path: string, onError: (error: unknown) => void): AuditSink {
  let pending: string[] = [];
  let writing = false;
  const write = async () => {
    writing = true;
    while (pending.length > 0) {
      const lines = pending.join("");
      pending = [];
      try {
        await appendFile(path, lines, { mode: 0o600 });
        rotate(path);
      } catch (error) {
        onError(error);
      }
    }
    writing = false;
  };
  return {
    append(entry) {
      pending.push(`${JSON.stringify(entry)}\n`);
      if (!writing) void write();
    },
  };
}
