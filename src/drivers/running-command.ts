import type { Readable, Writable } from "node:stream";
import { SwarmError } from "../errors.ts";
import type { AttachOptions, Terminal } from "./attach.ts";

/** Streams of a command that runs in a remote instance. */
export interface RemoteStreams {
  readonly stdin?: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** If given, the command runs on a terminal, and `stdout` has all of its output. */
  readonly terminal?: Terminal | undefined;
}

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

/**
 * Runs a command on the caller's streams and waits for its end. The caller's terminal, if any, is in raw mode meanwhile.
 * @throws as `endOf`
 */
export async function attached<End>(
  { stdin, stdout, stderr, terminal, signal }: AttachOptions,
  server: string,
  run: (streams: RemoteStreams) => Promise<RunningCommand<End>>,
): Promise<End> {
  const streams = { ...(stdin && { stdin: stdin() }), stdout, stderr, terminal };
  const restore = terminal?.passKeys();
  try {
    return await endOf(await run(streams), server, signal);
  } finally {
    restore?.();
  }
}
