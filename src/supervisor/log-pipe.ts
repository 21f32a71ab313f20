import { spawnSync } from "node:child_process";
import { appendFileSync, constants, existsSync, openSync, readSync, renameSync, statSync } from "node:fs";
import { Socket } from "node:net";
import { removeIfThere, systemCode } from "../platform/files.ts";
import { defaultLimits, type RotationLimits } from "../platform/rotation.ts";

/** Maximum bytes read in one window; a faster writer blocks, so a flood of output does not occupy the supervisor. */
const burstBytes = 1024 * 1024;
const windowMs = 25;
const chunkBytes = 64 * 1024;

/** Appends to a log of bounded size; rotates it first if it would exceed its limit. */
export function appendBounded(path: string, bytes: Uint8Array, limits: RotationLimits = defaultLimits): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 0 && size + bytes.length > limits.maxBytes) {
    for (let age = limits.files - 2; age >= 0; age--) {
      const from = age === 0 ? path : `${path}.${age}`;
      if (existsSync(from)) renameSync(from, `${path}.${age + 1}`);
    }
  }
  appendFileSync(path, bytes, { mode: 0o600 });
}

/**
 * The output of an instance: a named pipe that the supervisor reads into the log, which bounds the log's size at any rate of
 * output. The instance opens the pipe in both directions: without a reader it neither ends nor loses output, but blocks when
 * the pipe is full (64 KiB) until the next supervisor reads.
 */
export class LogPipe {
  readonly #fd: number;
  readonly #socket: Socket;
  readonly #log: string;
  readonly #onError: (error: unknown) => void;
  #leftBytes = burstBytes;
  #isFailing = false;
  #window: NodeJS.Timeout | undefined;

  private constructor(path: string, log: string, onError: (error: unknown) => void) {
    // Both directions, so that reads do not end with the last writer.
    this.#fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    this.#log = log;
    this.#onError = onError;
    this.#socket = new Socket({ fd: this.#fd, readable: true, writable: false });
    this.#socket.on("data", (bytes) => this.#take(bytes));
    this.#socket.on("error", onError);
    this.#socket.unref();
  }

  /** Reads the pipe at a path into a log. */
  static attach(path: string, log: string, onError: (error: unknown) => void): LogPipe {
    return new LogPipe(path, log, onError);
  }

  /** Reads what is in the pipe now: the last output of an instance that has ended. */
  drain(): void {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    // Bounded: further output of its children is read later.
    for (let bytes = 0; bytes < burstBytes; ) {
      const read = this.#readNow(buffer);
      if (read === 0) return;
      bytes += read;
      this.#write(buffer.subarray(0, read));
    }
  }

  close(): void {
    clearTimeout(this.#window);
    this.drain();
    this.#socket.destroy();
  }

  #readNow(buffer: Buffer): number {
    try {
      return readSync(this.#fd, buffer);
    } catch (error) {
      if (systemCode(error) !== "EAGAIN") this.#onError(error);
      return 0;
    }
  }

  #take(bytes: Uint8Array): void {
    this.#write(bytes);
    this.#leftBytes -= bytes.length;
    this.#window ??= setTimeout(() => {
      this.#window = undefined;
      this.#leftBytes = burstBytes;
      this.#socket.resume();
    }, windowMs).unref();
    if (this.#leftBytes <= 0) this.#socket.pause();
  }

  #write(bytes: Uint8Array): void {
    try {
      appendBounded(this.#log, bytes);
      this.#isFailing = false;
    } catch (error) {
      // For example a full disk: drops the output, keeps the instance running, and reports it once.
      if (!this.#isFailing) this.#onError(error);
      this.#isFailing = true;
    }
  }
}

/** Creates missing named pipes that only their user can open, if the system supports them. */
export function makePipes(paths: readonly string[]): void {
  const missing = paths.filter((path) => !isPipe(path));
  for (const path of missing) removeIfThere(path);
  if (missing.length > 0) spawnSync("mkfifo", ["-m", "600", ...missing], { stdio: "ignore" });
}

export function isPipe(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() ?? false;
}

/** The end of a pipe that an instance writes to. */
export function openForWriting(path: string): number {
  return openSync(path, constants.O_RDWR);
}
