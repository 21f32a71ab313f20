import { lstatSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Proves who listens on the socket before the token is sent. A port proves nothing: another user may take that of a supervisor that
 * is gone. In this folder only the owner of the token's file can put a socket.
 */
export function proveServer(socketPath: string, tokenFile: string): void {
  const [folder, socket] = [lstatSync(dirname(socketPath)), lstatSync(socketPath)];
  const owner = statSync(tokenFile).uid;
  const isOwn = folder.isDirectory() && folder.uid === owner && socket.isSocket() && socket.uid === owner;
  if (!isOwn || (folder.mode & 0o022) !== 0) throw new Error(`another user may listen on ${socketPath}`);
}
