import { type FileHandle, open } from "node:fs/promises";
import { stringify } from "yaml";
import { SwarmError } from "../errors.ts";
import type { BlueprintDocument } from "./document.ts";
import type { Blueprint } from "./model.ts";
import { type ParseOptions, type ParseResult, parseBlueprint } from "./parse.ts";
import { renderText } from "./render/text.ts";
import { limits } from "./source/limits.ts";

/**
 * Reads and checks a blueprint file. Warnings are dropped: see `checkBlueprintFile`. REDIS_URL counts as a configured
 * Redis.
 * @throws SwarmError SW802 when the file cannot be read (values: file, reason); SW500 when the blueprint has errors
 * (values: file, diagnostics; the message is the rendered text).
 */
export async function loadBlueprint(file: string, options: Omit<ParseOptions, "file"> = {}): Promise<Blueprint> {
  return blueprintOf(file, await checkBlueprintFile(file, options));
}

/**
 * Checks a blueprint object like the text of a file.
 * @param name used as the file name in messages.
 * @throws SwarmError SW500 when the blueprint has errors; the message shows them in the document as YAML.
 */
export function loadBlueprintDocument(
  document: BlueprintDocument,
  name: string,
  options: Omit<ParseOptions, "file"> = {},
): Blueprint {
  const text = stringify(document, { aliasDuplicateObjects: false });
  return blueprintOf(name, { ...parseBlueprint(text, { hasRedis: hasRedis(), ...options, file: name }), text });
}

function blueprintOf(file: string, checked: ParseResult & { readonly text: string }): Blueprint {
  const { blueprint, diagnostics, text } = checked;
  if (blueprint !== undefined) return blueprint;
  throw new SwarmError("SW500", renderText({ file, text, diagnostics }), { values: { file, diagnostics } });
}

/**
 * Reads and checks a blueprint file; returns errors and warnings as data.
 * @throws SwarmError SW802 when the file cannot be read.
 */
export async function checkBlueprintFile(
  file: string,
  options: Omit<ParseOptions, "file"> = {},
): Promise<ParseResult & { readonly text: string }> {
  const text = await readBlueprintFile(file);
  return { ...parseBlueprint(text, { hasRedis: hasRedis(), ...options, file }), text };
}

function hasRedis(): boolean {
  return (process.env.REDIS_URL ?? "") !== "";
}

/**
 * The text of a blueprint file, for callers that need its diagnostics as data.
 * @throws SwarmError SW802: missing, a directory, unreadable, over 1 MiB, or not UTF-8.
 */
export async function readBlueprintFile(file: string): Promise<string> {
  const bytes = await readBytes(file);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(file, "it is not UTF-8 text", cause);
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, "r");
    const stats = await handle.stat();
    if (stats.isDirectory()) throw unreadable(file, "it is a directory");
    // Reads past the limit: the size of a pipe or a growing file is unknown before it is read.
    const buffer = new Uint8Array(limits.bytes + 4);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (length > limits.bytes) throw unreadable(file, `it is larger than ${limits.bytes} bytes (1 MiB)`);
    return buffer.subarray(0, length);
  } catch (thrown) {
    if (thrown instanceof SwarmError) throw thrown;
    throw unreadable(file, reasonOf(thrown), thrown);
  } finally {
    await handle?.close();
  }
}

function reasonOf(thrown: unknown): string {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EISDIR":
      return "it is a directory";
    case "ENOTDIR":
      return "a part of its path is not a directory";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    default:
      return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

function unreadable(file: string, reason: string, cause?: unknown): SwarmError {
  return new SwarmError("SW802", `cannot read ${file}: ${reason}`, { values: { file, reason }, cause });
}
