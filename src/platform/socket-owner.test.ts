import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { proveSocketOwner } from "./socket-owner.ts";

const self = process.getuid?.() ?? 0;

async function socketIn(onFinished: (clean: () => void) => void) {
  const folder = mkdtempSync(join(tmpdir(), "swarm-owner-"));
  const path = join(folder, "s");
  const server = createServer();
  await new Promise<void>((done) => server.listen(path, done));
  onFinished(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, path };
}

test("a socket in a folder of the trusted user is proof", async ({ onTestFinished }) => {
  const { folder, path } = await socketIn(onTestFinished);
  proveSocketOwner(path, self);
  chmodSync(folder, 0o755);
  proveSocketOwner(path, self);
});

test.for([0o770, 0o707, 0o1777])("a folder of mode %o, in which others can put a socket, is not", async (mode, {
  onTestFinished,
}) => {
  const { folder, path } = await socketIn(onTestFinished);
  chmodSync(folder, mode);
  expect(() => proveSocketOwner(path, self)).toThrow(expect.objectContaining({ code: "SW703" }));
});

test("neither is another user's, a file, a link to a folder, or nothing", async ({ onTestFinished }) => {
  const { folder, path } = await socketIn(onTestFinished);
  const refusal = (code: string) => expect.objectContaining({ code });
  expect(() => proveSocketOwner(path, self + 1)).toThrow(refusal("SW703"));
  writeFileSync(join(folder, "file"), "");
  expect(() => proveSocketOwner(join(folder, "file"), self)).toThrow(refusal("SW703"));
  mkdirSync(join(folder, "below"));
  symlinkSync(folder, join(folder, "below", "link"));
  expect(() => proveSocketOwner(join(folder, "below", "link", "s"), self)).toThrow(refusal("SW703"));
  expect(() => proveSocketOwner(join(folder, "none"), self)).toThrow(refusal("SW704"));
});
