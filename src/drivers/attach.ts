import type { Readable, Writable } from "node:stream";

/** The size of a caller's terminal. */
export interface Terminal {
  size(): { readonly columns: number; readonly rows: number };
  /** @returns a function that stops listening */
  onResize(hear: () => void): () => void;
  /**
   * Switches the terminal to raw mode: keys, including Ctrl-C, are passed to the reader of its input.
   * @returns a function that restores it
   */
  passKeys(): () => void;
}

/** Streams of the caller that a command is attached to, and their terminal, if any. */
export interface AttachOptions {
  /** Opens the input; not called by a driver that passes on the process's own input. Undefined: the command has none. */
  readonly stdin: (() => Readable) | undefined;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** When given, the command runs on a terminal of this size. */
  readonly terminal: Terminal | undefined;
  /** Ends the command. */
  readonly signal?: AbortSignal;
}
