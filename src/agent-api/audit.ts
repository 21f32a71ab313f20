import { appendFileSync } from "node:fs";
import { rotate } from "../platform/rotation.ts";
import type { Audit } from "../store/audit.ts";
import type { Json } from "../store/json.ts";

/** An audited action: who acted, what they did and the outcome. */
export interface AuditEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `instance:writer-0`; "unknown" without a valid token. */
  readonly actor: string;
  /** e.g. `agent.register`, `agent.refused`. */
  readonly action: string;
  readonly detail: Readonly<Record<string, Json>>;
}

/** Appends audit entries. A failed write never fails the audited call. */
export interface AuditSink {
  append(entry: AuditEntry): void;
}

/** Entries written between two checks of the file size. */
const lookEvery = 100;

/** Writes one JSON line for each entry before the call returns; the file size is bounded. */
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

/** Maximum number of pending writes to the store; it bounds memory while many calls are refused. */
const maxPending = 256;

/**
 * Writes entries to the store's audit table. A failure is reported once; the entry is also in the audit file.
 * @param cluster unique id of the cluster.
 */
export function auditStore(
  audit: Audit,
  cluster: string,
  onError: (error: unknown) => void,
): AuditSink & { /** Waits for pending writes. */ settled(): Promise<void> } {
  const pending = new Set<Promise<void>>();
  let failing = false;
  function failed(error: unknown): void {
    if (!failing) onError(error);
    failing = true;
  }
  return {
    append({ actor, action, detail }) {
      if (pending.size >= maxPending) return failed(new Error(`${maxPending} entries are waiting for the store`));
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
