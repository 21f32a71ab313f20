import grpc from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import type { ResourceLog } from "./resource.ts";

/** Sends messages to the engine's display; discards them when started without an engine. */
export interface EngineLog {
  forResource(urn: string): SentLog;
  error(message: string): void;
}

export interface SentLog extends ResourceLog {
  /** Resolves when the engine has received or refused all messages, which use another connection than replies. */
  delivered(): Promise<void>;
}

const severities = { info: engine.LogSeverity.INFO, warning: engine.LogSeverity.WARNING };

export function engineLog(address: string | undefined): EngineLog {
  const client =
    address === undefined ? undefined : new engineService.EngineClient(address, grpc.credentials.createInsecure());

  function send(severity: engine.LogSeverity, message: string, urn = "", ephemeral = false): Promise<void> {
    if (client === undefined) return Promise.resolve();
    const request = new engine.LogRequest()
      .setSeverity(severity)
      .setMessage(message)
      .setUrn(urn)
      .setEphemeral(ephemeral);
    // A lost display does not fail the operation.
    return new Promise((resolve) => client.log(request, () => resolve()));
  }

  function forResource(urn: string): SentLog {
    const pending = new Set<Promise<void>>();
    function say(severity: engine.LogSeverity, message: string, ephemeral = false): void {
      const sent = send(severity, message, urn, ephemeral);
      pending.add(sent);
      void sent.then(() => pending.delete(sent));
    }
    return {
      progress: (message, severity = "info") => say(severities[severity], message, true),
      info: (message) => say(engine.LogSeverity.INFO, message),
      warning: (message) => say(engine.LogSeverity.WARNING, message),
      delivered: async () => {
        await Promise.all(pending);
      },
    };
  }

  return { error: (message) => void send(engine.LogSeverity.ERROR, message), forResource };
}
