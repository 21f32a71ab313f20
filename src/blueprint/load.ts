import { stringify } from "yaml";
import { SwarmError } from "../errors.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import type { BlueprintDocument } from "./document.ts";
import type { Blueprint, TargetKind } from "./model.ts";
import { type ParseOptions, type ParseResult, parseBlueprint } from "./parse.ts";
import { type ReadOptions, readBlueprintBytes, recordedName, unreadable } from "./read-file.ts";
import { renderText } from "./render/text.ts";

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

/**
 * Reads a blueprint once: a file, a pipe, or `-` for standard input.
 *
 * @throws SwarmError SW802 where it cannot be read, SW606 when `signal` ended the wait for a pipe
 */
export async function readSource(file: string, options: ReadOptions = {}): Promise<BlueprintSource> {
  return { file: recordedName(file), text: await readBlueprintFile(file, options) };
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
 * @throws SwarmError SW802: missing, a directory or device, a pipe that gives nothing, unreadable, over 1 MiB, or not UTF-8.
 */
export async function readBlueprintFile(file: string, options: ReadOptions = {}): Promise<string> {
  const bytes = await readBlueprintBytes(file, options);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(file, "it is not UTF-8 text", cause);
  }
}
