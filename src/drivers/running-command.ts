import { SwarmError } from "../errors.ts";

/** A command that runs in an instance elsewhere. */
export interface RunningCommand<End> {
  /** What became of it; undefined: the connection went away before it ended. */
  readonly ended: Promise<End | undefined>;
  /** Drops the connection, and with it the command. */
  drop(): void;
}

/** Waits for its end; the signal drops it. @throws SwarmError SW606 when it was aborted, SW704 when `server` went away */
export async function endOf<End>(
  { ended, drop }: RunningCommand<End>,
  server: string,
  signal: AbortSignal | undefined,
): Promise<End> {
  signal?.addEventListener("abort", drop, { once: true });
  if (signal?.aborted) drop();
  const end = await ended;
  signal?.removeEventListener("abort", drop);
  if (signal?.aborted) throw new SwarmError("SW606", "The command was interrupted.");
  if (end === undefined) throw new SwarmError("SW704", `${server} went away while the command ran.`);
  return end;
}
