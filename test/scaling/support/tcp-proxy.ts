import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/**
 * What happens to the connections of a proxy:
 * - `pass`: nothing;
 * - `slow`: each answer comes late;
 * - `half-closed`: the server's side ends after the request was taken, and the client's stays open;
 * - `partial`: the connection is reset in the middle of an answer.
 */
export type Fault = "pass" | "slow" | "half-closed" | "partial";

/** A TCP proxy on the loopback, to break connections of a real client to a real server. */
export class TcpProxy {
  fault: Fault = "pass";
  readonly #target: number;
  readonly #delayMs: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  port = 0;

  constructor(target: number, delayMs: number) {
    this.#target = target;
    this.#delayMs = delayMs;
  }

  async open(): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (client) => this.#carry(client));
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    const address = server.address();
    this.port = address !== null && typeof address === "object" ? address.port : 0;
    this.#server = server;
  }

  /** Closes its port and all connections: they are refused until it opens again. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.cut();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  /** Ends the connections that are open. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #carry(client: Socket): void {
    const server = connect(this.#target, "127.0.0.1");
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        (socket === client ? server : client).destroy();
      });
    }
    client.on("data", (bytes) => {
      if (this.fault === "half-closed") client.end();
      else server.write(bytes);
    });
    server.on("data", (bytes) => {
      if (this.fault === "pass") client.write(bytes);
      if (this.fault === "slow") void delay(this.#delayMs).then(() => !client.destroyed && client.write(bytes));
      if (this.fault === "partial") {
        client.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => client.resetAndDestroy());
      }
    });
  }
}
