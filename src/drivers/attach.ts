import type { Readable, Writable } from "node:stream";

/** The size of a caller's terminal. */
export interface Terminal {
  size(): { readonly columns: number; readonly rows: number };
  /** @returns a function that stops listening */
  onResize(hear: () => void): () => void;
  /**
   * Gives each key to the reader of its input as it is, Ctrl-C too.
   * @returns a function that restores it
   */
  passKeys(): () => void;
}

/** What a command is attached to: the streams of its caller, and the terminal that they are. */
export interface AttachOptions {
  /** Opens the input, which a driver that hands it on as it is does not; undefined: the command has none. */
  readonly stdin: (() => Readable) | undefined;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** When given, the command runs on a terminal of this size. */
  readonly terminal: Terminal | undefined;
  /** Ends the command. */
  readonly signal?: AbortSignal;
}
