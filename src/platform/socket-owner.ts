import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { SwarmError } from "../errors.ts";

/** Permission bits to write for the group and others. */
const writableByOthers = 0o022;

/**
 * Proves who listens on a Unix socket before a secret is sent: its folder and the socket belong to one trusted user, and only that
 * user can put a socket there.
 * @param trusted user id that may own them, e.g. the owner of the secret.
 * @throws SwarmError SW703 when another user could listen there; SW704 when there is no socket.
 */
export function proveSocketOwner(path: string, trusted: number): void {
  const folder = dirname(path);
  const [around, socket] = [lstatSync(folder, { throwIfNoEntry: false }), lstatSync(path, { throwIfNoEntry: false })];
  if (around === undefined || socket === undefined) throw new SwarmError("SW704", `there is no socket ${path}`);
  const isOwn = around.isDirectory() && around.uid === trusted && socket.isSocket() && socket.uid === trusted;
  if (isOwn && (around.mode & writableByOthers) === 0) return;
  const mode = (around.mode & 0o777).toString(8);
  throw new SwarmError(
    "SW703",
    `another user may listen on ${path}: it belongs to user ${socket.uid}, its folder to user ${around.uid} with mode ${mode}`,
    { values: { path, owner: socket.uid, folderOwner: around.uid, trusted, mode } },
  );
}
