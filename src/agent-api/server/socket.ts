import { chmodSync, rmSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname, join, resolve } from "node:path";
import type { FastifyInstance } from "fastify";
import { SwarmError } from "../../errors.ts";
import { shortHash } from "../../names.ts";
import { makeFolder } from "../../platform/files.ts";

/** A socket's path has at most 108 bytes on Linux, 104 elsewhere. */
const maxPathBytes = 100;

/**
 * Where the control API of an agent server listens: a socket that only its user can open. It is in the server's folder, or, where that
 * path is too long for one, in a folder under `temporary`.
 */
export function controlSocket(folder: string, temporary: string): string {
  const inside = join(resolve(folder), "control.sock");
  if (Buffer.byteLength(inside) <= maxPathBytes) return inside;
  return join(temporary, `swarm-${shortHash(inside, 16)}`, "control.sock");
}

/** The caller holds the folder's lock: a socket that is there is a dead server's. @throws SwarmError SW703 when its folder is not ours. */
export async function listenOnSocket(app: FastifyInstance, path: string): Promise<void> {
  makeFolder(dirname(path));
  refuseForeign(dirname(path));
  rmSync(path, { force: true });
  await app.listen({ path });
  chmodSync(path, 0o600);
}

/** @throws SwarmError SW704 when no agent server listens there, SW703 when its folder is not ours. */
export function dialSocket(path: string): Promise<Socket> {
  refuseForeign(dirname(path));
  return new Promise((done, failed) => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.once("connect", () => done(socket));
    socket.once("error", (cause) =>
      failed(new SwarmError("SW704", `No agent server listens on ${path}.`, { cause, values: { path } })),
    );
  });
}

/** Somebody else could have made a folder of that name first. A volume's is root's. */
function refuseForeign(folder: string): void {
  const owner = statSync(folder, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || owner === 0 || owner === process.getuid?.()) return;
  throw new SwarmError("SW703", `${folder} belongs to user ${owner}.`, { values: { folder, owner } });
}
