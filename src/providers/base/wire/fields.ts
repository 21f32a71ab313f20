import protobuf from "protobufjs/minimal.js";

export interface TakenStructs {
  /** The message without these fields. */
  readonly rest: Uint8Array;
  /** Bytes by field number. */
  readonly structs: ReadonlyMap<number, Uint8Array>;
}

const lengthDelimited = 2;

/** Extracts the Struct fields from a message's bytes; generated code can decode the rest. */
export function takeStructs(message: Uint8Array, numbers: readonly number[]): TakenStructs {
  const reader = protobuf.Reader.create(message);
  const rest: Uint8Array[] = [];
  const structs = new Map<number, Uint8Array>();
  let from = 0;
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const number = tag >>> 3;
    if ((tag & 7) === lengthDelimited && numbers.includes(number)) {
      rest.push(message.subarray(from, start));
      const length = reader.uint32();
      structs.set(number, message.subarray(reader.pos, reader.pos + length));
      reader.skip(length);
      from = reader.pos;
    } else {
      reader.skipType(tag & 7);
    }
  }
  rest.push(message.subarray(from));
  return { rest: Buffer.concat(rest), structs };
}

/** Appends Struct fields to a message's bytes; protobuf does not define an order of fields. */
export function withStructs(message: Uint8Array, structs: ReadonlyMap<number, Uint8Array>): Buffer {
  const parts: Uint8Array[] = [message];
  for (const [number, bytes] of structs) {
    const head = protobuf.Writer.create()
      .uint32((number << 3) | lengthDelimited)
      .uint32(bytes.length);
    parts.push(head.finish(), bytes);
  }
  return Buffer.concat(parts);
}
