import protobuf from "protobufjs/minimal.js";

/**
 * Encodes plain JSON as a `google.protobuf.Struct`. As JSON.stringify does, omits undefined members, writes values without a
 * JSON form (NaN, infinities, functions in a list) as null, and calls `toJSON`.
 */
export function writeStruct(value: Readonly<Record<string, unknown>>): Uint8Array {
  const writer = protobuf.Writer.create();
  writeMembers(writer, value);
  return writer.finish();
}

const wire = { varint: 0, fixed64: 1, bytes: 2 } as const;
const tag = (field: number, type: number) => (field << 3) | type;

function writeMembers(writer: protobuf.Writer, value: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(value)) {
    const member = plain(value[key], key);
    if (member === undefined) continue;
    writer.uint32(tag(1, wire.bytes)).fork();
    writer.uint32(tag(1, wire.bytes)).string(wellFormed(key));
    writer.uint32(tag(2, wire.bytes)).fork();
    writeValue(writer, member);
    writer.ldelim();
    writer.ldelim();
  }
}

function writeValue(writer: protobuf.Writer, value: unknown): void {
  if (typeof value === "string") writer.uint32(tag(3, wire.bytes)).string(wellFormed(value));
  else if (typeof value === "number" && Number.isFinite(value)) writer.uint32(tag(2, wire.fixed64)).double(value + 0);
  else if (typeof value === "boolean") writer.uint32(tag(4, wire.varint)).bool(value);
  else if (Array.isArray(value)) {
    writer.uint32(tag(6, wire.bytes)).fork();
    for (const [index, item] of value.entries()) {
      writer.uint32(tag(1, wire.bytes)).fork();
      writeValue(writer, plain(item, String(index)));
      writer.ldelim();
    }
    writer.ldelim();
  } else if (typeof value === "object" && value !== null) {
    writer.uint32(tag(5, wire.bytes)).fork();
    writeMembers(writer, value as Readonly<Record<string, unknown>>);
    writer.ldelim();
  } else writer.uint32(tag(1, wire.varint)).uint32(0);
}

/** Applies `toJSON` and unboxing, as JSON.stringify does. */
function plain(value: unknown, key: string): unknown {
  if (typeof value === "bigint") throw new TypeError(`${key} is a BigInt, which JSON does not have`);
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null || !("toJSON" in value) || typeof value.toJSON !== "function")
    return value;
  return value.toJSON(key) as unknown;
}

/** Replaces lone surrogates, which the engine refuses. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}
