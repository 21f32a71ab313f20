import { isRecord, type JsonPath, valueAt } from "../../platform/json.ts";
import { readStruct } from "./wire/read-struct.ts";
import { writeStruct } from "./wire/write-struct.ts";

/** A resource's properties as the engine sends them: plain JSON, secrets unwrapped, unknowns as `unknownValue`. */
export type Properties = Record<string, unknown>;

/** Path of a secret in a property bag: object keys and list indexes from the root. */
export type SecretPath = JsonPath;

/** The engine's marker of a value that is known only after an update (sdk/go/common/resource/plugin/rpc.go). */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const shortestHidden = 6;

export interface Unwrapped {
  readonly properties: Properties;
  readonly secrets: readonly SecretPath[];
}

/** Decodes a protobuf Struct; replaces secret markers by their values and records their paths. */
export function readProperties(struct: Uint8Array | undefined): Unwrapped {
  if (struct === undefined) return { properties: {}, secrets: [] };
  const properties = readStruct(struct);
  // Most bags hold no secret, and a search in bytes costs a hundredth of a walk.
  if (!Buffer.from(struct.buffer, struct.byteOffset, struct.byteLength).includes(signatureKey)) {
    return { properties, secrets: [] };
  }
  const secrets: SecretPath[] = [];
  const entries = Object.entries(properties).map(([key, value]) => [key, unwrap(value, [key], secrets)]);
  return { properties: Object.fromEntries(entries) as Properties, secrets };
}

/** Encodes a protobuf Struct; marks the values at secret paths as secret. Omits `undefined` members. */
export function writeProperties(properties: Properties, secrets: readonly SecretPath[] = []): Uint8Array {
  const wrapped = outermost(secrets).reduce<unknown>(wrapAt, properties);
  if (!isRecord(wrapped)) throw new TypeError("properties are not an object");
  return writeStruct(wrapped);
}

/** Whether a value, or anything inside it, is known only after an update. */
export function hasUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) && Object.values(value).some(hasUnknown);
}

/** Values of secrets, for redaction in messages; omits very short ones, which would match unrelated text. */
export function secretTexts({ properties, secrets }: Unwrapped): readonly string[] {
  return secrets.flatMap((path) => textsIn(valueAt(properties, path))).filter((text) => text.length >= shortestHidden);
}

export function withoutSecrets(message: string, texts: readonly string[]): string {
  return texts.reduce((masked, text) => masked.replaceAll(text, "[secret]"), message);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isRecord(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** Drops paths inside another secret. */
function outermost(paths: readonly SecretPath[]): readonly SecretPath[] {
  const inside = (path: SecretPath, outer: SecretPath) =>
    outer.length < path.length && outer.every((step, index) => step === path[index]);
  const same = (path: SecretPath, other: SecretPath) =>
    path.length === other.length && !other.some((s, i) => s !== path[i]);
  return paths.filter(
    (path, index) =>
      !paths.some((outer) => inside(path, outer)) && paths.findIndex((other) => same(path, other)) === index,
  );
}

function unwrap(value: unknown, path: SecretPath, secrets: SecretPath[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => unwrap(item, [...path, index], secrets));
  if (!isRecord(value)) return value;
  if (value[signatureKey] === secretSignature) {
    secrets.push(path);
    return unwrap(value.value, path, []);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrap(item, [...path, key], secrets)]));
}

function wrapAt(value: unknown, path: SecretPath): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return { [signatureKey]: secretSignature, value };
  if (Array.isArray(value) && typeof head === "number" && head < value.length) {
    return value.map((item: unknown, index) => (index === head ? wrapAt(item, rest) : item));
  }
  if (isRecord(value) && head in value) return { ...value, [head]: wrapAt(value[head], rest) };
  return value;
}
