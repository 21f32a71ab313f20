import grpc from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import type { ResourceLog } from "./resource.ts";

/** Messages to the engine's display; without an engine (a bare start) they go nowhere. */
export interface EngineLog {
  forResource(urn: string): ResourceLog;
  error(message: string): void;
}

const severities = { info: engine.LogSeverity.INFO, warning: engine.LogSeverity.WARNING };

export function engineLog(address: string | undefined): EngineLog {
  const client =
    address === undefined ? undefined : new engineService.EngineClient(address, grpc.credentials.createInsecure());

  function send(severity: engine.LogSeverity, message: string, urn = "", ephemeral = false): void {
    const request = new engine.LogRequest()
      .setSeverity(severity)
      .setMessage(message)
      .setUrn(urn)
      .setEphemeral(ephemeral);
    // A display that is gone is no reason to fail the operation.
    client?.log(request, () => {});
  }

  return {
    error: (message) => send(engine.LogSeverity.ERROR, message),
    forResource: (urn) => ({
      progress: (message, severity = "info") => send(severities[severity], message, urn, true),
      info: (message) => send(engine.LogSeverity.INFO, message, urn),
      warning: (message) => send(engine.LogSeverity.WARNING, message, urn),
    }),
  };
}
