import { join } from "node:path";
import type { Clock } from "../platform/clock.ts";
import { type AuditEntry, type AuditSink, auditFile } from "./audit.ts";

interface RefusalLimits {
  /** Refusals of each window that are written in full; the others are counted. */
  readonly perWindow: number;
  readonly windowMs: number;
}

/** Refused calls that were counted, but not written. */
interface Suppressed {
  readonly suppressed: number;
  /** Milliseconds since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** One window: the first refusals are written, the others counted. */
export class RefusalWindow {
  readonly #limit: number;
  readonly #fromMs: number;
  #seen = 0;

  constructor(limit: number, fromMs: number) {
    this.#limit = limit;
    this.#fromMs = fromMs;
  }

  /** Whether the next refusal is written. */
  admits(): boolean {
    return ++this.#seen <= this.#limit;
  }

  /** Ends the window. @returns the suppressed refusals; undefined if none */
  end(nowMs: number): Suppressed | undefined {
    const suppressed = this.#seen - this.#limit;
    return suppressed > 0 ? { suppressed, fromMs: this.#fromMs, toMs: nowMs } : undefined;
  }
}

/** For the file of refusals, whose size is bounded. */
const fileRefusals: RefusalLimits = { perWindow: 100, windowMs: 10_000 };
/** For a table without a bound: a flood of any length adds two rows an hour. */
export const tableRefusals: RefusalLimits = { perWindow: 1, windowMs: 3_600_000 };

export interface RefusalSink extends AuditSink {
  /** Writes what was suppressed until now. */
  close(): void;
}

/** Kinds of refusals that are counted separately; any further ones are counted together. */
const maxKinds = 64;

/**
 * Limits the written refusals of each actor and problem, so that a flood of one kind does not hide another. After a window
 * with suppressed refusals it writes one entry with their number.
 */
export function limitRefusals(sink: AuditSink, limits: RefusalLimits, clock: Clock): RefusalSink {
  const kinds = new Map<string, { readonly window: RefusalWindow; readonly end: () => void }>();

  function tell({ action, detail: { problem = null } }: AuditEntry, ended: Suppressed | undefined): void {
    if (ended === undefined) return;
    const { suppressed, fromMs, toMs } = ended;
    const detail = { refused: action, problem, suppressed, fromMs, toMs };
    sink.append({ at: toMs, actor: "server", action: "calls.refused", detail });
  }

  function open(key: string, entry: AuditEntry) {
    const window = new RefusalWindow(limits.perWindow, clock.now());
    const end = () => {
      cancel();
      kinds.delete(key);
      tell(entry, window.end(clock.now()));
    };
    const cancel = clock.after(limits.windowMs, end);
    const opened = { window, end };
    kinds.set(key, opened);
    return opened;
  }

  return {
    append(entry) {
      const kind = kindOf(entry);
      const key = kinds.has(kind) || kinds.size < maxKinds ? kind : "";
      const { window } = kinds.get(key) ?? open(key, entry);
      if (window.admits()) sink.append(entry);
    },
    close() {
      for (const { end } of [...kinds.values()]) end();
    },
  };
}

function kindOf({ action, actor, detail: { problem = "" } }: AuditEntry): string {
  return JSON.stringify([action, actor, problem]);
}

/** The audit of a folder: actions in `audit.log`, refusals in `refused.log`. */
export function folderAudit(folder: string, clock: Clock, onError: (error: unknown) => void): RefusalSink {
  const refused = limitRefusals(auditFile(join(folder, "refused.log"), onError), fileRefusals, clock);
  const { append } = auditApart(auditFile(join(folder, "audit.log"), onError), refused);
  return { append, close: refused.close };
}

/** Writes refusals to a separate sink, so that they cannot displace audited actions. */
export function auditApart(done: AuditSink, refused: AuditSink): AuditSink {
  return { append: (entry) => (isRefusal(entry) ? refused : done).append(entry) };
}

function isRefusal({ action }: AuditEntry): boolean {
  return action.endsWith(".refused");
}
