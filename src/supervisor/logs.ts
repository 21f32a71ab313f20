import { closeSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { SwarmError } from "../errors.ts";
import { defaultLimits, droppedMark } from "../platform/rotation.ts";
import { pause } from "../platform/wait.ts";
import { sitePaths } from "./site.ts";

/** The log of an instance: what it wrote to stdout and stderr. Older parts are beside it, with `.1`, `.2` at the end. */
export function logPath(dir: string, instance: string): string {
  return join(sitePaths(dir).logs, `${instance}.log`);
}

/**
 * The last lines of an instance's log, oldest first, across its older parts.
 *
 * @throws SwarmError SW705 when there is no log of such an instance.
 */
export function tail(dir: string, instance: string, lines: number): string[] {
  const path = existingLog(dir, instance);
  return linesBefore(path, sizeOf(path), lines);
}

function linesBefore(path: string, endByte: number, lines: number): string[] {
  let text = readPart(path, 0, endByte).toString("utf8");
  let found = splitLines(text);
  for (let age = 1; age < defaultLimits.files && found.length <= lines; age++) {
    const older = `${path}.${age}`;
    // A part may end in the middle of a line that goes on in the next one: hence "<=", the first line may be half of one.
    text = readPart(older, 0, sizeOf(older)).toString("utf8") + text;
    found = splitLines(text);
  }
  return lines === 0 ? [] : found.slice(-lines);
}

/** The last lines of a file from an offset on, at most 2 KiB of them; [] when there is none. */
export function lastLines(path: string, fromByte: number, lines: number): string[] {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const begin = Math.max(size < fromByte ? 0 : fromByte, size - 2048);
  return splitLines(readPart(path, begin, size).toString("utf8")).slice(-lines);
}

export interface FollowFileOptions {
  /** Ends the following; nothing is thrown. */
  readonly signal: AbortSignal;
  /** Lines of the past to begin with. Default 0. */
  readonly lines?: number;
  /** How often to look. Default 200. */
  readonly intervalMs?: number;
}

/**
 * The lines of an instance's log as they are written, until the signal is aborted. It goes on through rotations.
 *
 * @throws SwarmError SW705 when there is no log of such an instance.
 */
export async function* follow(
  dir: string,
  instance: string,
  options: FollowFileOptions,
): AsyncGenerator<string, void, undefined> {
  const path = existingLog(dir, instance);
  const begin = sizeOf(path);
  const position = new LogPosition(path, begin);
  yield* linesBefore(path, begin, options.lines ?? 0);
  while (!options.signal.aborted) {
    yield* position.readOn();
    await pause(options.intervalMs ?? 200, options.signal);
  }
}

/** How far a log was read. */
class LogPosition {
  readonly #path: string;
  #offset: number;
  /** Inode of the newest older part: another one means that the log was rotated. */
  #older: number | undefined;
  #decoder = new StringDecoder("utf8");
  #unfinished = "";

  constructor(path: string, offset: number) {
    this.#path = path;
    this.#offset = offset;
    this.#older = inodeOf(`${path}.1`);
  }

  readOn(): string[] {
    const older = inodeOf(`${this.#path}.1`);
    if (older !== this.#older) {
      this.#older = older;
      const rest = this.#restOfOlder();
      this.#offset = 0;
      return this.#lines(rest);
    }
    const size = sizeOf(this.#path);
    if (size < this.#offset) this.#offset = 0;
    const part = readPart(this.#path, this.#offset, size);
    this.#offset += part.length;
    return this.#lines(part);
  }

  #restOfOlder(): Buffer {
    const path = `${this.#path}.1`;
    const cut = readPart(path, 0, droppedMark.length).toString("latin1") === droppedMark;
    return readPart(path, cut ? 0 : this.#offset, sizeOf(path));
  }

  #lines(part: Buffer): string[] {
    const pieces = (this.#unfinished + this.#decoder.write(part)).split("\n");
    this.#unfinished = pieces.pop() ?? "";
    return pieces;
  }
}

function existingLog(dir: string, instance: string): string {
  const path = logPath(dir, instance);
  if (/[/\\\0]/.test(instance) || inodeOf(path) === undefined) {
    throw new SwarmError("SW705", `There is no log of instance ${instance}.`, { values: { instance, dir } });
  }
  return path;
}

function splitLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

function readPart(path: string, begin: number, end: number): Buffer {
  if (end <= begin || inodeOf(path) === undefined) return Buffer.alloc(0);
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(end - begin);
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, begin));
  } finally {
    closeSync(file);
  }
}
