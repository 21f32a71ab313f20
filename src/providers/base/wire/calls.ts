import type { MethodDefinition } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import { takeStructs, withStructs } from "./fields.ts";

/** A message of the engine's protocol whose property bags are bytes; the generated message has all other fields. */
export interface Wired<Message, Bag extends string> {
  readonly message: Message;
  readonly structs: { readonly [Name in Bag]?: Uint8Array | undefined };
}

interface MessageType<Message> {
  deserializeBinary(bytes: Uint8Array): Message;
}

/** Field numbers of property bags (proto/pulumi/provider.proto). */
type Numbers<Bag extends string> = Readonly<Record<Bag, number>>;

/** The methods whose messages hold property bags; generated code would build two objects for each of their values. */
export const calls = {
  checkConfig: call(provider.CheckRequest, { news: 3 }, { inputs: 1 }),
  diffConfig: call(provider.DiffRequest, { olds: 3, news: 4, oldInputs: 6 }, {}),
  configure: call(provider.ConfigureRequest, { args: 2 }, {}),
  check: call(provider.CheckRequest, { olds: 2, news: 3 }, { inputs: 1 }),
  diff: call(provider.DiffRequest, { olds: 3, news: 4, oldInputs: 6 }, {}),
  create: call(provider.CreateRequest, { properties: 2 }, { properties: 2 }),
  read: call(provider.ReadRequest, { properties: 3, inputs: 4 }, { properties: 2, inputs: 3 }),
  update: call(provider.UpdateRequest, { olds: 3, news: 4, oldInputs: 8 }, { properties: 1 }),
  delete: call(provider.DeleteRequest, { properties: 3, oldInputs: 5 }, {}),
} as const;

export type RequestOf<Name extends keyof typeof calls> = ReturnType<(typeof calls)[Name]["requestDeserialize"]>;

/** The definition of `pulumirpc.ResourceProvider`, with property bags as bytes. */
export const resourceProviderService: Readonly<Record<string, MethodDefinition<unknown, unknown>>> = Object.fromEntries(
  Object.entries(services.ResourceProviderService as Readonly<Record<string, MethodDefinition<unknown, unknown>>>).map(
    ([name, definition]) => [
      name,
      { ...definition, ...(Object.hasOwn(calls, name) && calls[name as keyof typeof calls]) },
    ],
  ),
);

/** A reply with property bags. */
export function reply<Message extends Binary>(
  message: Message,
  structs: Wired<Message, string>["structs"] = {},
): Wired<Message, string> {
  return { message, structs };
}

interface Binary {
  serializeBinary(): Uint8Array;
}

function call<Message, Bag extends string, ReplyBag extends string>(
  type: MessageType<Message>,
  numbers: Numbers<Bag>,
  replied: Numbers<ReplyBag>,
) {
  const names = Object.entries<number>(numbers);
  return {
    requestDeserialize(bytes: Buffer): Wired<Message, Bag> {
      const { rest, structs } = takeStructs(bytes, Object.values(numbers));
      const found = Object.fromEntries(names.map(([name, number]) => [name, structs.get(number)]));
      return { message: type.deserializeBinary(rest), structs: found as Wired<Message, Bag>["structs"] };
    },
    responseSerialize(answer: unknown): Buffer {
      const { message, structs } = answer as Wired<Binary, ReplyBag>;
      return messageWithBags(message, structs, replied);
    },
  };
}

/** The bytes of a message with its property bags. */
export function messageWithBags<Bag extends string>(
  message: Binary,
  structs: Wired<Binary, Bag>["structs"],
  numbers: Numbers<Bag>,
): Buffer {
  const fields = Object.entries<Uint8Array | undefined>(structs).flatMap(([name, bytes]) => {
    const number: number | undefined = numbers[name as Bag];
    if (number === undefined) throw new TypeError(`the reply has no property bag ${name}`);
    return bytes === undefined ? [] : [[number, bytes] as const];
  });
  return withStructs(message.serializeBinary(), new Map(fields));
}
