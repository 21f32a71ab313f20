import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import type { DockerClient } from "../../../tools/docker/docker.ts";

/** Forwards a port of its network to a socket file, and prints the address of the network's bridge. */
const forwarder = `
const { connect, createServer } = require("node:net");
const addresses = Object.values(require("node:os").networkInterfaces()).flat();
const bridge = addresses.find(({ family, internal }) => family === "IPv4" && !internal);
const [port, path] = process.argv.slice(1);
const server = createServer((socket) => {
  const way = connect(path);
  socket.on("error", () => way.destroy()).pipe(way);
  way.on("error", () => socket.destroy()).pipe(socket);
});
server.listen(Number(port), "0.0.0.0", () => console.log(bridge.address));
`;

export interface PortForward {
  /** URL for containers. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Makes a server on this machine's loopback interface reachable for the containers of a dockerd in a separate network. A container
 * must be running, because the bridge is down before.
 */
export async function startPortForward(
  server: URL,
  { folder, onNetwork }: Pick<DockerClient, "folder" | "onNetwork">,
): Promise<PortForward> {
  const path = join(mkdtempSync(join(folder, "forward-")), "socket");
  const { hostname, port } = server;
  const outer = createServer((socket) => {
    const outside = connect(Number(port), hostname);
    socket.on("error", () => outside.destroy()).pipe(outside);
    outside.on("error", () => socket.destroy()).pipe(socket);
  });
  outer.listen(path);
  await once(outer, "listening");
  const [enter = "", ...words] = onNetwork;
  const inside = spawn(enter, [...words, process.execPath, "-e", forwarder, port, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [address]: Buffer[] = await once(inside.stdout, "data");
  // Only the host differs: the path of a Redis URL is its database.
  const url = new URL(server);
  url.hostname = `${address}`.trim();
  return {
    url: url.href,
    async close() {
      const ended = once(inside, "close");
      inside.kill("SIGKILL");
      await ended;
      outer.close();
      await rm(path, { force: true });
    },
  };
}
