import grpc from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import type { Bags } from "./bags.ts";
import { InitializationFailed } from "./resource.ts";
import { messageWithBags } from "./wire/calls.ts";

/** Converts an error of a call to a gRPC status, with secrets redacted. */
export function failureStatus(error: unknown, bags?: Bags): Partial<grpc.StatusObject> {
  const hide = (message: string) => bags?.hide(message) ?? message;
  const details = hide(error instanceof Error ? error.message : String(error));
  if (!(error instanceof InitializationFailed) || bags === undefined) {
    return { code: grpc.status.UNKNOWN, details };
  }
  const detail = new provider.ErrorResourceInitFailed().setId(error.id).setReasonsList(error.reasons.map(hide));
  const structs = {
    properties: bags.seal(error.outputs),
    inputs: error.inputs === undefined ? undefined : bags.seal(error.inputs),
  };
  const packed = new any.Any();
  packed.pack(messageWithBags(detail, structs, { properties: 2, inputs: 4 }), "pulumirpc.ErrorResourceInitFailed");
  const message = new status.Status().setCode(grpc.status.UNKNOWN).setMessage(details);
  // Not chained: addDetails returns the detail.
  message.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(message.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details, metadata };
}
