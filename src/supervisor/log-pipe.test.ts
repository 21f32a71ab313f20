import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appendBounded } from "./log-pipe.ts";

test("a log and its older parts take no more than their limit, whatever is written", ({ onTestFinished }) => {
  const folder = mkdtempSync(join(tmpdir(), "swarm-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "log");
  const limits = { maxBytes: 10, files: 3 };
  const total = () => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  for (let count = 0; count < 20; count++) {
    appendBounded(path, Buffer.from(`${String(count).padStart(3, "0")};`), limits);
    expect(total()).toBeLessThanOrEqual(30);
  }
  const parts = [`${path}.2`, `${path}.1`, path].map((part) => readFileSync(part, "utf8"));
  expect(parts).toEqual(["014;015;", "016;017;", "018;019;"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
