import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { SwarmError } from "../errors.ts";
import { systemCode } from "../platform/files.ts";
import { workingFolder } from "../platform/folders.ts";
import { pause } from "../platform/wait.ts";
import { limits } from "./source/limits.ts";

export interface ReadOptions {
  /** How long a pipe, or standard input, may give nothing. */
  readonly patienceMs?: number;
  /** Ends the wait for a pipe. */
  readonly signal?: AbortSignal | undefined;
}

/** A generator of blueprints may have to ask the network first. */
const patienceMs = 30_000;
const pollMs = 50;

/** Whether a name means the standard input of the command. */
function isStandardInput(file: string): boolean {
  return file === "-" || /^(?:\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0)$/.test(file);
}

/** Whether a name means an open file of the command, as the shell makes of `<(...)`: it can be read once, and has no folder. */
export function isStream(file: string): boolean {
  return isStandardInput(file) || /^(?:\/dev\/fd|\/proc\/(?:self|\d+)\/fd)\/\d+$/.test(file);
}

/** The name that messages and records give a blueprint: paths in one that is read from a stream are relative to the working folder. */
export function recordedName(file: string): string {
  return isStream(file) ? join(workingFolder() ?? "/", "<stdin>") : file;
}

/**
 * The bytes of a blueprint: a file, a pipe that gives something in time, or `-` for standard input.
 *
 * @throws SwarmError SW802 with the reason, SW606 when `signal` ended the wait
 */
export async function readBlueprintBytes(file: string, options: ReadOptions = {}): Promise<Uint8Array> {
  if (isStandardInput(file)) return readStandardInput(file, options);
  let handle: FileHandle | undefined;
  try {
    // Without waiting for the writer of a pipe: the wait would hear no signal.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await handle.stat();
    if (stats.isDirectory()) throw unreadable(file, "it is a directory");
    if (stats.isCharacterDevice() || stats.isBlockDevice()) throw unreadable(file, "it is a device");
    return await collect(file, handle, stats.isFIFO(), options);
  } catch (thrown) {
    if (thrown instanceof SwarmError) throw thrown;
    throw unreadable(file, reasonOf(thrown, file), thrown);
  } finally {
    await handle?.close();
  }
}

async function collect(
  file: string,
  handle: FileHandle,
  isPipe: boolean,
  { patienceMs: patience = patienceMs, signal }: ReadOptions,
): Promise<Uint8Array> {
  // Reads past the limit: the size of a pipe or a growing file is unknown before it is read.
  const buffer = new Uint8Array(limits.bytes + 4);
  let length = 0;
  let until = performance.now() + patience;
  while (length <= limits.bytes) {
    const bytes = await readSome(handle, buffer, length);
    if (bytes > 0) {
      length += bytes;
      until = performance.now() + patience;
      continue;
    }
    // A pipe without a writer is at its end too; before the first byte the writer has not come yet.
    if (bytes === 0 && !(isPipe && length === 0)) return buffer.subarray(0, length);
    if (performance.now() > until) throw gaveNothing(file, patience);
    await pause(pollMs, signal);
    refuseAborted(file, signal);
  }
  throw tooLarge(file);
}

/** @returns the number of bytes; 0 at the end, -1 where a pipe has none yet */
async function readSome(handle: FileHandle, buffer: Uint8Array, at: number): Promise<number> {
  try {
    return (await handle.read(buffer, at, buffer.length - at, null)).bytesRead;
  } catch (error) {
    if (systemCode(error) === "EAGAIN") return -1;
    throw error;
  }
}

async function readStandardInput(
  file: string,
  { patienceMs: patience = patienceMs, signal }: ReadOptions,
): Promise<Uint8Array> {
  const { stdin } = process;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      const tooLate = () => reject(gaveNothing(file, patience));
      // On a terminal a person types.
      let timer = stdin.isTTY ? undefined : setTimeout(tooLate, patience);
      signal?.addEventListener("abort", () => reject(interrupted(file)), { once: true });
      stdin.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > limits.bytes) reject(tooLarge(file));
        clearTimeout(timer);
        timer = stdin.isTTY ? undefined : setTimeout(tooLate, patience);
      });
      stdin.once("error", (cause) => reject(unreadable(file, reasonOf(cause, file), cause)));
      stdin.once("end", () => {
        clearTimeout(timer);
        resolve(Buffer.concat(chunks));
      });
    });
  } finally {
    stdin.destroy();
  }
}

function refuseAborted(file: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted(file);
}

function interrupted(file: string): SwarmError {
  return new SwarmError("SW606", `interrupted while ${file} was read; nothing was changed`, {
    values: { untouched: true },
  });
}

function gaveNothing(file: string, patience: number): SwarmError {
  return unreadable(file, `it is a pipe, and gave nothing for ${patience / 1000} s`);
}

function tooLarge(file: string): SwarmError {
  return unreadable(file, `it is larger than ${limits.bytes} bytes (1 MiB)`);
}

function reasonOf(thrown: unknown, file: string): string {
  switch (systemCode(thrown)) {
    case "ENOENT":
      return file.startsWith("/") || workingFolder() !== undefined
        ? "there is no such file"
        : "the path is relative, and the working folder was deleted";
    case "EISDIR":
      return "it is a directory";
    case "ENOTDIR":
      return "a part of its path is not a directory";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENXIO":
      return "it is a socket";
    default:
      return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** SW802: why a blueprint cannot be read. */
export function unreadable(file: string, reason: string, cause?: unknown): SwarmError {
  return new SwarmError("SW802", `cannot read ${file}: ${reason}`, { values: { file, reason }, cause });
}
