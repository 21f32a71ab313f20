import grpc from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import { expect, test } from "vitest";
import type { EngineLog } from "./engine-log.ts";
import { InitializationFailed, type Resource } from "./resource.ts";
import { providerService } from "./service.ts";
import { readProperties, writeProperties } from "./values.ts";
import type { RequestOf } from "./wire/calls.ts";

const urn = "urn:pulumi:dev::swarmstack::test:index:Thing::thing";
const log = {
  error: () => {},
  forResource: () => ({ progress: () => {}, info: () => {}, warning: () => {}, delivered: async () => {} }),
};

const thing: Resource = {
  check: async ({ news }) => ({ inputs: news }),
  diff: async () => ({ changes: {} }),
  create: async ({ inputs }) => {
    throw new InitializationFailed("thing-1", inputs, ["it does not come up"]);
  },
  read: async () => undefined,
  update: async ({ news }) => news,
  delete: async () => {},
};

function create(
  message: provider.CreateRequest,
  properties: Uint8Array,
  display: EngineLog = log,
): Promise<Partial<grpc.StatusObject>> {
  const service = providerService(
    { name: "test", version: "1.0.0", resources: { "test:index:Thing": thing } },
    display,
  );
  const handler = service.create as grpc.handleUnaryCall<RequestOf<"create">, unknown>;
  return new Promise((resolve, reject) => {
    const request = { message, structs: { properties } };
    const call = { request } as grpc.ServerUnaryCall<RequestOf<"create">, unknown>;
    handler(call, (error) => (error === null ? reject(new Error("it succeeded")) : resolve(error)));
  });
}

test("what exists but did not come up is told with its id, outputs and reasons, so that the engine records it", async () => {
  const inputs = writeProperties({ name: "x", token: "s3cret" }, [["token"]]);
  const { code, metadata } = await create(new provider.CreateRequest().setUrn(urn), inputs);
  expect(code).toBe(grpc.status.UNKNOWN);
  const [trailer] = metadata?.get("grpc-status-details-bin") ?? [];
  const [packed] = status.Status.deserializeBinary(trailer as Buffer).getDetailsList();
  expect(packed?.getTypeName()).toBe("pulumirpc.ErrorResourceInitFailed");
  const detail = provider.ErrorResourceInitFailed.deserializeBinary(packed?.getValue_asU8() ?? new Uint8Array());
  expect(detail.getId()).toBe("thing-1");
  expect(detail.getReasonsList()).toEqual(["it does not come up"]);
  expect(readProperties(detail.getProperties()?.serializeBinary())).toEqual({
    properties: { name: "x", token: "s3cret" },
    secrets: [["token"]],
  });
});

test("the reply waits until the display has what was said", async () => {
  const delivery = Promise.withResolvers<void>();
  const order: string[] = [];
  const display = { ...log, forResource: () => ({ ...log.forResource(), delivered: () => delivery.promise }) };
  const reply = create(new provider.CreateRequest().setUrn(urn), new Uint8Array(), display).then(() =>
    order.push("reply"),
  );
  await new Promise(setImmediate);
  order.push("delivered");
  delivery.resolve();
  await reply;
  expect(order).toEqual(["delivered", "reply"]);
});
