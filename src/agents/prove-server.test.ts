import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { proveServer } from "./prove-server.ts";

test("only a socket that the owner of the token put there is proof", async ({ onTestFinished }) => {
  const folder = mkdtempSync(join(tmpdir(), "swarm-prove-"));
  const [socket, token] = [join(folder, "socket"), join(folder, "token")];
  const server = createServer();
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  writeFileSync(token, "t");
  expect(() => proveServer(socket, token)).toThrow(/ENOENT/);
  await new Promise<void>((done) => server.listen(socket, done));
  proveServer(socket, token);
  for (const mode of [0o770, 0o702]) {
    chmodSync(folder, mode);
    expect(() => proveServer(socket, token)).toThrow(/another user may listen/);
  }
  chmodSync(folder, 0o700);
  expect(() => proveServer(token, token)).toThrow(/another user may listen/);
  // The token of another user, e.g. root's.
  if (process.getuid?.() !== 0) expect(() => proveServer(socket, "/etc/passwd")).toThrow(/another user may listen/);
});
