import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, test } from "vitest";
import { calls, type RequestOf, reply, resourceProviderService } from "./calls.ts";
import { readStruct } from "./read-struct.ts";
import { writeStruct } from "./write-struct.ts";

const bag = (name: string) => structs.Struct.fromJavaScript({ name });

test("a request keeps its other fields, and each bag comes from its own field", () => {
  const request = new provider.UpdateRequest()
    .setId("id")
    .setUrn("urn")
    .setOlds(bag("olds"))
    .setNews(bag("news"))
    .setOldInputs(bag("oldInputs"))
    .setTimeout(1.5)
    .setIgnorechangesList(["spec.replicas"])
    .setPreview(true);
  const { message, structs: found } = calls.update.requestDeserialize(Buffer.from(request.serializeBinary()));
  expect([message.getId(), message.getUrn(), message.getTimeout()]).toEqual(["id", "urn", 1.5]);
  expect([message.getIgnorechangesList(), message.getPreview()]).toEqual([["spec.replicas"], true]);
  for (const [name, bytes] of Object.entries(found)) expect(readStruct(bytes ?? new Uint8Array())).toEqual({ name });
  expect(Object.keys(found).sort()).toEqual(["news", "oldInputs", "olds"]);
});

test.each([
  "checkConfig",
  "check",
  "create",
  "read",
  "update",
] as const)("generated code reads the bags of a reply to %s", (name) => {
  const generated = {
    checkConfig: provider.CheckResponse,
    check: provider.CheckResponse,
    create: provider.CreateResponse,
    read: provider.ReadResponse,
    update: provider.UpdateResponse,
  }[name];
  const key = name === "check" || name === "checkConfig" ? "inputs" : "properties";
  const bytes = calls[name].responseSerialize(reply(new generated(), { [key]: writeStruct({ key }) }));
  const read = generated.deserializeBinary(bytes) as { getInputs?(): structs.Struct; getProperties?(): structs.Struct };
  expect((key === "inputs" ? read.getInputs?.() : read.getProperties?.())?.toJavaScript()).toEqual({ key });
});

test("a bag that a reply does not have is a bug", () => {
  expect(() => calls.diff.responseSerialize(reply(new provider.DiffResponse(), { olds: new Uint8Array() }))).toThrow(
    TypeError,
  );
});

test("an absent bag is absent, and an empty one is empty", () => {
  const bytes = new provider.CheckRequest().setNews(new structs.Struct()).serializeBinary();
  const { structs: found }: RequestOf<"check"> = calls.check.requestDeserialize(Buffer.from(bytes));
  expect([found.olds, found.news?.length]).toEqual([undefined, 0]);
});

test("every method keeps its path, and those without bags their codec", () => {
  for (const [name, { path, requestDeserialize }] of Object.entries(services.ResourceProviderService)) {
    expect(resourceProviderService[name]?.path).toBe(path);
    if (!Object.hasOwn(calls, name)) expect(resourceProviderService[name]?.requestDeserialize).toBe(requestDeserialize);
  }
});
