import { appendFileSync } from "node:fs";
import { rotate } from "../platform/rotation.ts";
import type { Audit } from "../store/audit.ts";
import type { Json } from "../store/json.ts";

/** Something that must be told apart later: who wanted what, and what became of it. */
export interface AuditEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `instance:writer-0`; "unknown" where no token says who it is. */
  readonly actor: string;
  /** e.g. `agent.register`, `agent.refused`. */
  readonly action: string;
  readonly detail: Readonly<Record<string, Json>>;
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

/** Entries on their way to the store at once; whoever is refused a thousand times a second shall not fill the memory. */
const maxPending = 256;

/**
 * The store's audit table. What does not reach it is told once, and is in the file all the same.
 *
 * @param cluster unique id of the cluster.
 */
export function auditStore(
  audit: Audit,
  cluster: string,
  onError: (error: unknown) => void,
): AuditSink & { /** Waits for what is on its way. */ settled(): Promise<void> } {
  const pending = new Set<Promise<void>>();
  let failing = false;
  function failed(error: unknown): void {
    if (!failing) onError(error);
    failing = true;
  }
  return {
    append({ actor, action, detail }) {
      if (pending.size >= maxPending) return failed(new Error(`${maxPending} entries wait for the store`));
      const written = audit.append({ actor, action, clusterId: cluster, detail }).then(() => {
        failing = false;
      }, failed);
      pending.add(written);
      void written.then(() => pending.delete(written));
    },
    async settled() {
      await Promise.all(pending);
    },
  };
}

export function auditAll(sinks: readonly AuditSink[]): AuditSink {
  return { append: (entry) => sinks.forEach((sink) => void sink.append(entry)) };
}
