import { SwarmError } from "../../errors.ts";
import type { EngineProgress, LookupOptions, Phase } from "./model.ts";

/** Reports progress; the elapsed time is added for the caller. */
export type ReportProgress = (phase: Phase, message: string, fraction?: number) => void;

/**
 * Runs work that reports progress, and repeats the last report each second so that a displayed clock advances.
 *
 * @throws SwarmError SW606 when the caller's signal ended it, and errors of `work`.
 */
export async function reporting<T>(options: LookupOptions, work: (report: ReportProgress) => Promise<T>): Promise<T> {
  const started = performance.now();
  let last: Omit<EngineProgress, "elapsedMs"> | undefined;
  const send = (): void => {
    if (last !== undefined) options.onProgress?.({ ...last, elapsedMs: Math.round(performance.now() - started) });
  };
  const timer = setInterval(send, 1000);
  try {
    return await work((phase, message, fraction) => {
      last = { phase, message, ...(fraction === undefined ? {} : { fraction }) };
      send();
    });
  } catch (error) {
    if (!options.signal?.aborted) throw error;
    throw new SwarmError("SW606", "the search for an engine was interrupted", { cause: error });
  } finally {
    clearInterval(timer);
  }
}
