import grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

/** The engine's side of the log: records the messages of plugins. */
export interface EngineDouble {
  readonly address: string;
  messages(urn: string): readonly string[];
  stop(): void;
}

export async function startEngineDouble(): Promise<EngineDouble> {
  const said = new Map<string, string[]>();
  const server = new grpc.Server();
  const log: grpc.handleUnaryCall<engine.LogRequest, empty.Empty> = ({ request }, done) => {
    const severity = request.getSeverity() === engine.LogSeverity.WARNING ? "warning" : "info";
    const line = `${severity}: ${request.getMessage()}`;
    const lines = said.get(request.getUrn()) ?? [];
    lines.push(request.getEphemeral() ? `(${line})` : line);
    said.set(request.getUrn(), lines);
    done(null, new empty.Empty());
  };
  server.addService(engineServices.EngineService, { log });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    messages: (urn) => said.get(urn) ?? [],
    stop: () => server.forceShutdown(),
  };
}
