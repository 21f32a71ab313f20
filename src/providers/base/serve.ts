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
 * The process ends on SIGINT (the engine's way to say goodbye), and when the engine is gone: a plugin that outlives its
 * engine would finish work that no state knows of.
 *
 * @param args the command line after the program: the engine's address is its last word
 */
export async function serveProvider(provider: Provider, args: readonly string[]): Promise<void> {
  // A bare engine starts the plugin with the user's proxies; the engine itself is on loopback.
  Object.assign(process.env, loopbackExempt(process.env));
  const log = engineLog(args.filter((arg) => !arg.startsWith("-")).at(-1));
  const server = new grpc.Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  const service = providerService(provider, log);
  // What the table leaves out answers UNIMPLEMENTED.
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
  // A child of init was orphaned before it could look; the engine itself never is process 1 outside a container.
  const timer = setInterval(() => {
    if (process.ppid !== engine) process.exit(1);
  }, parentPollMs);
  timer.unref();
}
