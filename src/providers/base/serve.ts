import grpc from "@grpc/grpc-js";
import { loopbackExempt } from "../../platform/environment/loopback.ts";
import { engineLog } from "./engine-log.ts";
import type { Provider } from "./resource.ts";
import { providerService } from "./service.ts";
import { resourceProviderService } from "./wire/calls.ts";

const maxMessageBytes = 400 * 1024 * 1024;
const parentPollMs = 500;

/**
 * Serves a provider on loopback and prints its port, as the engine expects of a plugin.
 *
 * The process exits on SIGINT, which the engine sends at its end, and when the engine is gone: a plugin that outlives its
 * engine would finish work that no state records.
 *
 * @param args the command line after the program; its last argument is the engine's address
 */
export async function serveProvider(provider: Provider, args: readonly string[]): Promise<void> {
  // Started by a plain `pulumi`, the environment may have proxies; the engine itself is on loopback.
  Object.assign(process.env, loopbackExempt(process.env));
  const log = engineLog(args.filter((arg) => !arg.startsWith("-")).at(-1));
  const server = new grpc.Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  const service = providerService(provider, log);
  // Methods that the table omits respond UNIMPLEMENTED.
  server.addService(resourceProviderService, service);
  endWithEngine();
  process.on("uncaughtException", (error) => {
    log.error(error.stack ?? error.message);
    process.exitCode = 1;
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  process.stdout.write(`${port}\n`);
}

function endWithEngine(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));
  const engine = process.ppid;
  // A parent of 1 means that the engine exited before this check; outside a container the engine is never process 1.
  const timer = setInterval(() => {
    if (process.ppid !== engine) process.exit(1);
  }, parentPollMs);
  timer.unref();
}
