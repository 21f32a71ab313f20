import protobuf from "protobufjs/minimal.js";

/**
 * Decodes a `google.protobuf.Struct` into plain JSON without intermediate message objects (well-known types,
 * google/protobuf/struct.proto). A value without a kind is null.
 */
export function readStruct(bytes: Uint8Array): Record<string, unknown> {
  const reader = protobuf.Reader.create(bytes);
  return structUntil(reader, reader.len);
}

const wire = { varint: 0, fixed64: 1, bytes: 2 } as const;
const tag = (field: number, type: number) => (field << 3) | type;

const fields = tag(1, wire.bytes);
const entryKey = tag(1, wire.bytes);
const entryValue = tag(2, wire.bytes);
const items = tag(1, wire.bytes);
const kinds = {
  null: tag(1, wire.varint),
  number: tag(2, wire.fixed64),
  text: tag(3, wire.bytes),
  bool: tag(4, wire.varint),
  struct: tag(5, wire.bytes),
  list: tag(6, wire.bytes),
} as const;

function structUntil(reader: protobuf.Reader, end: number): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  while (reader.pos < end) {
    const next = reader.uint32();
    if (next === fields) readEntry(reader, endOf(reader), found);
    else reader.skipType(next & 7);
  }
  return found;
}

function readEntry(reader: protobuf.Reader, end: number, into: Record<string, unknown>): void {
  let key = "";
  let value: unknown = null;
  while (reader.pos < end) {
    const next = reader.uint32();
    if (next === entryKey) key = reader.string();
    else if (next === entryValue) value = valueUntil(reader, endOf(reader));
    else reader.skipType(next & 7);
  }
  // An assignment would set the prototype.
  if (key === "__proto__")
    Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
  else into[key] = value;
}

function valueUntil(reader: protobuf.Reader, end: number): unknown {
  let value: unknown = null;
  while (reader.pos < end) {
    const next = reader.uint32();
    switch (next) {
      case kinds.null:
        reader.uint32();
        value = null;
        break;
      case kinds.number:
        value = reader.double();
        break;
      case kinds.text:
        value = reader.string();
        break;
      case kinds.bool:
        value = reader.bool();
        break;
      case kinds.struct:
        value = structUntil(reader, endOf(reader));
        break;
      case kinds.list:
        value = listUntil(reader, endOf(reader));
        break;
      default:
        reader.skipType(next & 7);
    }
  }
  return value;
}

function listUntil(reader: protobuf.Reader, end: number): unknown[] {
  const found: unknown[] = [];
  while (reader.pos < end) {
    const next = reader.uint32();
    if (next === items) found.push(valueUntil(reader, endOf(reader)));
    else reader.skipType(next & 7);
  }
  return found;
}

function endOf(reader: protobuf.Reader): number {
  const length = reader.uint32();
  return reader.pos + length;
}
