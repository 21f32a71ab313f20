import { SwarmError } from "../errors.ts";

/** A command that runs in a remote instance. */
export interface RunningCommand<End> {
  /** Result of the command; undefined: the connection was lost first. */
  readonly ended: Promise<End | undefined>;
  /** Drops the connection and ends the command. */
  drop(): void;
}

/**
 * Waits for the end of a command; the signal drops it.
 * @throws SwarmError SW606 when aborted, SW704 when the connection to `server` was lost.
 */
export async function endOf<End>(
  { ended, drop }: RunningCommand<End>,
  server: string,
  signal: AbortSignal | undefined,
): Promise<End> {
  signal?.addEventListener("abort", drop, { once: true });
  if (signal?.aborted) drop();
  const end = await ended;
  signal?.removeEventListener("abort", drop);
  if (signal?.aborted) throw new SwarmError("SW606", "the command was interrupted");
  if (end === undefined)
    throw new SwarmError("SW704", `the connection to ${server} was lost while the command was running`);
  return end;
}
