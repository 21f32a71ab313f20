import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { SwarmError } from "../errors.ts";
import { removeIfThere } from "../platform/files.ts";
import { defaultLimits, droppedMark } from "../platform/rotation.ts";
import { pause } from "../platform/wait.ts";
import { sitePaths } from "./site.ts";

/** The log of an instance: its stdout and stderr. Older parts are beside it, with the suffixes `.1`, `.2`. */
export function logPath(dir: string, instance: string): string {
  return join(sitePaths(dir).logs, `${instance}.log`);
}

/**
 * The last lines of an instance's log, oldest first, across its older parts.
 * @throws SwarmError SW705 when the instance has no log.
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
    // A part may end in the middle of a line that continues in the next one: hence "<=", the first line may be
    // incomplete.
    text = readPart(older, 0, sizeOf(older)).toString("utf8") + text;
    found = splitLines(text);
  }
  return lines === 0 ? [] : found.slice(-lines);
}

/** The last lines of a file from an offset, at most 2 KiB; [] when the file does not exist. */
export function lastLines(path: string, fromByte: number, lines: number): string[] {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const begin = Math.max(size < fromByte ? 0 : fromByte, size - 2048);
  return splitLines(readPart(path, begin, size).toString("utf8")).slice(-lines);
}

export interface FollowFileOptions {
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** Number of past lines to start with. Default 0. */
  readonly lines?: number;
  /** Poll interval. Default 200. */
  readonly intervalMs?: number;
}

/**
 * Follows an instance's log until the signal is aborted, across rotations, and across its removal with the instance.
 * @throws SwarmError SW705 when the instance has no log.
 */
export async function* follow(
  dir: string,
  instance: string,
  options: FollowFileOptions,
): AsyncGenerator<string, void, undefined> {
  const path = existingLog(dir, instance);
  const begin = sizeOf(path);
  const position = new LogPosition(path, begin);
  try {
    yield* linesBefore(path, begin, options.lines ?? 0);
    while (!options.signal.aborted) {
      yield* position.readOn();
      await pause(options.intervalMs ?? 200, options.signal);
    }
  } finally {
    position.close();
  }
}

/** Read position in a log. Keeps the file open, so that the end of a removed log can still be read. */
class LogPosition {
  readonly #path: string;
  #file: number;
  #offset: number;
  /** Inode of the newest older part: a change means that the log was rotated. */
  #older: number | undefined;
  #decoder = new StringDecoder("utf8");
  #unfinished = "";

  constructor(path: string, offset: number) {
    this.#path = path;
    this.#file = openSync(path, "r");
    this.#offset = offset;
    this.#older = inodeOf(`${path}.1`);
  }

  readOn(): string[] {
    const rest = this.#restOfReplaced() ?? this.#restOfOlder();
    if (rest !== undefined) {
      this.#offset = 0;
      return this.#lines(rest);
    }
    const size = fstatSync(this.#file).size;
    if (size < this.#offset) this.#offset = 0;
    const part = readOpen(this.#file, this.#offset, size);
    this.#offset += part.length;
    return this.#lines(part);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Unread bytes of a log that was renamed or removed, once another one is at its path; undefined otherwise. */
  #restOfReplaced(): Buffer | undefined {
    const present = inodeOf(this.#path);
    const before = fstatSync(this.#file);
    if (present === undefined || present === before.ino) return undefined;
    const next = openSync(this.#partAfter(before.ino), "r");
    const rest = readOpen(this.#file, this.#offset, before.size);
    closeSync(this.#file);
    this.#file = next;
    this.#older = inodeOf(`${this.#path}.1`);
    return rest;
  }

  /** The part that follows one of the older parts. */
  #partAfter(inode: number): string {
    for (let age = defaultLimits.files - 1; age > 1; age--) {
      if (inodeOf(`${this.#path}.${age}`) === inode) return `${this.#path}.${age - 1}`;
    }
    return this.#path;
  }

  /** Unread bytes of a log that has been rotated; undefined if it has not. */
  #restOfOlder(): Buffer | undefined {
    const path = `${this.#path}.1`;
    const older = inodeOf(path);
    const isRotated = older !== undefined && older !== this.#older;
    this.#older = older;
    if (!isRotated) return undefined;
    const cut = readPart(path, 0, droppedMark.length).toString("latin1") === droppedMark;
    return readPart(path, cut ? 0 : this.#offset, sizeOf(path));
  }

  #lines(part: Buffer): string[] {
    const pieces = (this.#unfinished + this.#decoder.write(part)).split("\n");
    this.#unfinished = pieces.pop() ?? "";
    return pieces;
  }
}

/** Removes the log of an instance with its older parts. */
export function removeLog(dir: string, instance: string): void {
  const path = logPath(dir, instance);
  removeIfThere(path);
  for (let age = 1; age < defaultLimits.files; age++) removeIfThere(`${path}.${age}`);
}

function existingLog(dir: string, instance: string): string {
  const path = logPath(dir, instance);
  if (/[/\\\0]/.test(instance) || inodeOf(path) === undefined) {
    throw new SwarmError("SW705", `instance ${instance} has no log`, { values: { instance, dir } });
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
    return readOpen(file, begin, end);
  } finally {
    closeSync(file);
  }
}

function readOpen(file: number, begin: number, end: number): Buffer {
  const buffer = Buffer.alloc(Math.max(0, end - begin));
  return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, begin));
}
