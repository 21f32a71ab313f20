import { type FileHandle, open } from "node:fs/promises";
import { stringify } from "yaml";
import { SwarmError } from "../errors.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import type { BlueprintDocument } from "./document.ts";
import type { Blueprint, TargetKind } from "./model.ts";
import { type ParseOptions, type ParseResult, parseBlueprint } from "./parse.ts";
import { renderText } from "./render/text.ts";
import { limits } from "./source/limits.ts";

/** The text of a blueprint, and the file that it was read from. */
export interface BlueprintSource {
  readonly file: string;
  readonly text: string;
}

/** A blueprint without errors. */
export interface ParsedSource {
  readonly blueprint: Blueprint;
  readonly warnings: readonly Diagnostic[];
}

/** Successful parses of this process, newest last. */
const parsed: { readonly key: string; readonly target: TargetKind | undefined; readonly source: ParsedSource }[] = [];
const mostParsed = 8;

/**
 * Checks the text of a blueprint. The same text is parsed once in a process.
 *
 * @throws SwarmError SW500 where the blueprint has errors, as `loadBlueprint`
 */
export function checkSource({ file, text }: BlueprintSource, options: SourceOptions = {}): ParsedSource {
  const { target, ...others } = { hasRedis: hasRedis(), ...options };
  const key = JSON.stringify([file, text, others]);
  // Naming the target that the text names makes no difference.
  const known = parsed.find(
    (one) =>
      one.key === key &&
      (one.target === target || (one.target === undefined && one.source.blueprint.cluster.target.kind === target)),
  );
  if (known !== undefined) return known.source;
  const checked = parseBlueprint(text, { ...others, target, file });
  const source = { blueprint: blueprintOf(file, { ...checked, text }), warnings: checked.diagnostics };
  parsed.push({ key, target, source });
  if (parsed.length > mostParsed) parsed.shift();
  return source;
}

/** The blueprint of a text, as `checkSource`. @throws SwarmError SW500 where the blueprint has errors */
export function parseSource(source: BlueprintSource, options: SourceOptions = {}): Blueprint {
  return checkSource(source, options).blueprint;
}

/** Reads a blueprint file. @throws SwarmError SW802 where it cannot be read */
export async function readSource(file: string): Promise<BlueprintSource> {
  return { file, text: await readBlueprintFile(file) };
}

type SourceOptions = Omit<ParseOptions, "file">;

/**
 * Reads and checks a blueprint file. Warnings are dropped: see `checkBlueprintFile`. REDIS_URL counts as a configured
 * Redis.
 * @throws SwarmError SW802 when the file cannot be read (values: file, reason); SW500 when the blueprint has errors
 * (values: file, diagnostics; the message is the rendered text).
 */
export async function loadBlueprint(file: string, options: SourceOptions = {}): Promise<Blueprint> {
  return parseSource(await readSource(file), options);
}

/**
 * Checks a blueprint object like the text of a file.
 * @param name used as the file name in messages.
 * @throws SwarmError SW500 when the blueprint has errors; the message shows them in the document as YAML.
 */
export function loadBlueprintDocument(
  document: BlueprintDocument,
  name: string,
  options: SourceOptions = {},
): Blueprint {
  return checkDocument(document, name, options).blueprint;
}

/** The blueprint and the warnings of an object, as `loadBlueprintDocument`. */
export function checkDocument(document: BlueprintDocument, name: string, options: SourceOptions = {}): ParsedSource {
  const text = stringify(document, { aliasDuplicateObjects: false });
  const checked = parseBlueprint(text, { hasRedis: hasRedis(), ...options, file: name });
  return { blueprint: blueprintOf(name, { ...checked, text }), warnings: checked.diagnostics };
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
  options: SourceOptions = {},
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
