import { chmodSync, rmSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname, join, resolve } from "node:path";
import type { FastifyInstance } from "fastify";
import { SwarmError } from "../../errors.ts";
import { shortHash } from "../../names.ts";
import { makeFolder } from "../../platform/files.ts";

/** A socket path has at most 108 bytes on Linux, 104 elsewhere. */
const maxPathBytes = 100;

/**
 * Path of the socket of an agent server's control API, which only its user can open. It is in the server's folder,
 * or, if that path is too long, in a folder under `temporary`.
 */
export function controlSocket(folder: string, temporary: string): string {
  const inside = join(resolve(folder), "control.sock");
  if (Buffer.byteLength(inside) <= maxPathBytes) return inside;
  return join(temporary, `swarm-${shortHash(inside, 16)}`, "control.sock");
}

/**
 * Listens on a socket. The caller holds the lock of the folder: an existing socket belongs to a dead server.
 * @throws SwarmError SW703 when another user owns the folder.
 */
export async function listenOnSocket(app: FastifyInstance, path: string): Promise<void> {
  makeFolder(dirname(path));
  refuseForeign(dirname(path));
  rmSync(path, { force: true });
  await app.listen({ path });
  chmodSync(path, 0o600);
}

/**
 * Connects to an agent server.
 * @throws SwarmError SW704 when no agent server listens there, SW703 when another user owns the folder.
 */
export function dialSocket(path: string): Promise<Socket> {
  refuseForeign(dirname(path));
  return new Promise((done, failed) => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.once("connect", () => done(socket));
    socket.once("error", (cause) =>
      failed(new SwarmError("SW704", `no agent server listens on ${path}`, { cause, values: { path } })),
    );
  });
}

/** Refuses a folder that another user created first. Root may own it: a volume's folder is root's. */
function refuseForeign(folder: string): void {
  const owner = statSync(folder, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || owner === 0 || owner === process.getuid?.()) return;
  throw new SwarmError("SW703", `${folder} belongs to user ${owner}`, { values: { folder, owner } });
}
