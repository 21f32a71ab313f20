import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { apiSocket } from "./api-socket.ts";

function scratch(onFinished: (clean: () => void) => void): string {
  const folder = mkdtempSync(join(tmpdir(), "swarm-socket-"));
  onFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("the socket is in a private folder of the site", ({ onTestFinished }) => {
  const api = join(scratch(onTestFinished), "api");
  mkdirSync(api, { mode: 0o777 });
  chmodSync(api, 0o777);
  expect(apiSocket({ api })).toBe(join(api, "socket"));
  expect(statSync(api).mode & 0o777).toBe(0o700);
});

test("a long path is replaced by a short one, the same at each start while its folder is private", ({
  onTestFinished,
}) => {
  const folder = scratch(onTestFinished);
  const api = join(folder, "ä".repeat(60), "api");
  const first = apiSocket({ api }, [join(folder, "x".repeat(99)), folder]);
  expect(Buffer.byteLength(first)).toBeLessThanOrEqual(107);
  expect(statSync(dirname(first)).mode & 0o777).toBe(0o700);
  expect(apiSocket({ api }, [folder])).toBe(first);
  chmodSync(dirname(first), 0o777);
  const second = apiSocket({ api }, [folder]);
  expect(second).not.toBe(first);
  rmSync(dirname(second), { recursive: true });
  expect([first, second]).not.toContain(apiSocket({ api }, [folder]));
});

test("without a short path the error names both", ({ onTestFinished }) => {
  const api = join(scratch(onTestFinished), "x".repeat(120), "api");
  const temporary = [`/${"t".repeat(120)}`];
  expect(() => apiSocket({ api }, temporary)).toThrow(expect.objectContaining({ code: "SW702" }));
});
