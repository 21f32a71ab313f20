import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Below the ephemeral ports of common systems, so that a restarted server gets its port back. */
const range = [20_000, 32_000] as const;

/** A free port of the loopback interface. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(...range);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
