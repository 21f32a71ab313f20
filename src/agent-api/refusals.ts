import { join } from "node:path";
import type { Clock } from "../platform/clock.ts";
import { type AuditEntry, type AuditSink, auditFile } from "./audit.ts";

interface RefusalLimits {
  /** Refusals of each window that are written as they are; the others are counted. */
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

/** Decides which refusals are written. */
export class RefusalWindow {
  readonly #limits: RefusalLimits;
  #fromMs = Number.NEGATIVE_INFINITY;
  #seen = 0;

  constructor(limits: RefusalLimits) {
    this.#limits = limits;
  }

  /** Whether a refusal is written; `ended` has what the window before it has suppressed. */
  count(nowMs: number): { readonly isWritten: boolean; readonly ended: Suppressed | undefined } {
    const isOver = nowMs - this.#fromMs >= this.#limits.windowMs || nowMs < this.#fromMs;
    const ended = isOver ? this.end(nowMs) : undefined;
    if (isOver) this.#fromMs = nowMs;
    this.#seen++;
    return { isWritten: this.#seen <= this.#limits.perWindow, ended };
  }

  /** Ends the window; undefined when it has suppressed nothing. */
  end(nowMs: number): Suppressed | undefined {
    const suppressed = this.#seen - this.#limits.perWindow;
    const fromMs = this.#fromMs;
    this.#seen = 0;
    this.#fromMs = Number.NEGATIVE_INFINITY;
    return suppressed > 0 ? { suppressed, fromMs, toMs: nowMs } : undefined;
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

/** Writes refusals within limits. At the end of a window that has suppressed some, one entry has their number. */
export function limitRefusals(sink: AuditSink, limits: RefusalLimits, clock: Clock): RefusalSink {
  const window = new RefusalWindow(limits);
  let cancel: (() => void) | undefined;

  function tell(ended: Suppressed | undefined): void {
    if (ended === undefined) return;
    const { suppressed, fromMs, toMs } = ended;
    sink.append({ at: toMs, actor: "server", action: "calls.refused", detail: { suppressed, fromMs, toMs } });
  }

  function end(): void {
    cancel?.();
    cancel = undefined;
    tell(window.end(clock.now()));
  }

  return {
    append(entry) {
      const { isWritten, ended } = window.count(clock.now());
      tell(ended);
      if (isWritten) sink.append(entry);
      else cancel ??= clock.after(limits.windowMs, end);
    },
    close: end,
  };
}

/** The audit of a folder: what was done is in `audit.log`, refusals are in `refused.log`. */
export function folderAudit(folder: string, clock: Clock, onError: (error: unknown) => void): RefusalSink {
  const refused = limitRefusals(auditFile(join(folder, "refused.log"), onError), fileRefusals, clock);
  const { append } = auditApart(auditFile(join(folder, "audit.log"), onError), refused);
  return { append, close: refused.close };
}

/** Keeps refusals apart from what was done, so that no number of them displaces it. */
export function auditApart(done: AuditSink, refused: AuditSink): AuditSink {
  return { append: (entry) => (isRefusal(entry) ? refused : done).append(entry) };
}

function isRefusal({ action }: AuditEntry): boolean {
  return action.endsWith(".refused");
}
