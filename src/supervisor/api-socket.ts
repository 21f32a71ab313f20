import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { SwarmError } from "../errors.ts";
import { writeText } from "../platform/files.ts";
import type { SitePaths } from "./site.ts";

/** Longest path of a Unix socket, in bytes without the terminating NUL. */
const maxPathBytes = process.platform === "linux" ? 107 : 103;
const name = "socket";

/**
 * Path of the socket of a supervisor's API, in a folder with mode 0700: in the site, or, if that path is too long, in a folder
 * with a random name under `temporary`, which is recorded in the site.
 * @throws SwarmError SW702 when no path is short enough.
 */
export function apiSocket({ api }: Pick<SitePaths, "api">, temporary: readonly string[] = [tmpdir(), "/tmp"]): string {
  mkdirSync(api, { recursive: true, mode: 0o700 });
  chmodSync(api, 0o700);
  const inside = join(api, name);
  if (isShort(inside)) return inside;
  const remembered = rememberedFolder(join(api, "folder"));
  if (remembered !== undefined) return join(remembered, name);
  const above = temporary.find((folder) => isShort(join(folder, "swarm-XXXXXX", name)));
  if (above === undefined) {
    throw new SwarmError(
      "SW702",
      `${inside} is too long for a socket (${maxPathBytes} bytes), and so is ${temporary[0]}`,
      {
        hints: ["Set TMPDIR to a shorter folder"],
        values: { path: inside, maxPathBytes },
      },
    );
  }
  const folder = mkdtempSync(join(above, "swarm-"));
  writeText(join(api, "folder"), folder, true);
  return join(folder, name);
}

/** The folder of an earlier start, if it is still there and private. */
function rememberedFolder(record: string): string | undefined {
  try {
    const folder = readFileSync(record, "utf8");
    const found = lstatSync(folder);
    const isOwn = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
    return isOwn && isShort(join(folder, name)) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function isShort(path: string): boolean {
  return Buffer.byteLength(path) <= maxPathBytes;
}

/**
 * Also serves the API of a listening server on a socket. The caller holds the lock of the site, so an existing socket belongs to a
 * dead supervisor.
 * @returns a function that stops it.
 */
export async function alsoListenOnSocket(app: FastifyInstance, path: string): Promise<() => void> {
  rmSync(path, { force: true });
  // Passes connections to the same server, so that its limits and shutdown apply.
  const server: Server = createServer((connection) => void app.server.emit("connection", connection));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return () => server.close();
}

/** Serves the API on a socket only. */
export async function listenOnlyOnSocket(app: FastifyInstance, path: string): Promise<() => void> {
  rmSync(path, { force: true });
  await app.listen({ path });
  chmodSync(path, 0o600);
  return () => {};
}
