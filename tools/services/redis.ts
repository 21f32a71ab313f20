import { createServer, connect as dial } from "node:net";
import { keep, serviceFolder } from "./keep.ts";
import { findProgram } from "./program.ts";
import type { Service, Unavailable } from "./service.ts";
import { serviceUser } from "./user.ts";

/**
 * Starts a Redis on a free port of the loopback interface.
 * @param durable whether writes go to an append-only file, synced every second.
 * @param databases number of databases.
 * @param more further settings by name.
 */
export async function startRedis({
  durable = false,
  databases = 16,
  more = {},
}: {
  readonly durable?: boolean;
  readonly databases?: number;
  readonly more?: Readonly<Record<string, string>>;
} = {}): Promise<Service | Unavailable> {
  const redis = await findProgram("redis-server", "redis-server");
  if (redis === undefined) return { unavailable: "no redis-server here (Debian: apt-get install redis-server)" };
  const user = serviceUser();
  const folder = serviceFolder(user);
  const port = await freePort();
  const settings = {
    bind: "127.0.0.1",
    port: String(port),
    dir: folder,
    save: "",
    appendonly: durable ? "yes" : "no",
    appendfsync: "everysec",
    databases: String(databases),
    ...more,
  };
  const stop = await keep({
    folder,
    user,
    command: [redis, ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])],
    signal: "TERM",
    ready: () => answers(port),
  });
  return { url: `redis://127.0.0.1:${port}`, stop };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(address)));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial({ port, host: "127.0.0.1" }, () => socket.write("PING\r\n"));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once("data", (data) => {
      resolve(data.toString().startsWith("+PONG"));
      socket.destroy();
    });
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
  });
}
