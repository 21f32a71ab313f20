import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Cluster } from "../store/clusters.ts";
import { recordedRules } from "./recorded-rules.ts";

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "swarm-rules-"));
});

afterEach(() => rmSync(cache, { recursive: true }));

const blueprint = (ttl: string) => `
metadata: { id: team, name: Team, version: 1.0.0 }
cluster: { type: standard, ttl: ${ttl} }
agents: [{ role: worker, name: Writer, count: 1, capabilities: [writing] }]
`;

const row = (ttl: string, until: number | null = null) =>
  ({ name: "team", blueprintText: blueprint(ttl), blueprintFile: "team.yaml", environmentUntil: until }) as Cluster;

const read = (cluster: Cluster, now = 0) =>
  recordedRules({ cache, backend: { kind: "shared", url: "s3://states" } }, cluster, now);

test("rules are the same from the cache, and read anew for another blueprint, expiry or a damaged cache", async () => {
  const first = await read(row("2h"));
  expect(first.lifetime?.ttlMs).toBe(7_200_000);
  expect(await read(row("2h"))).toEqual(first);
  expect((await read(row("3h"))).lifetime?.ttlMs).toBe(10_800_000);
  expect((await read(row("3h", 50))).lifetime?.until).toBe(50);
  expect((await read(row("3h", 50), 60)).lifetime?.ttlMs).toBeUndefined();
  const [file = "", ...others] = readdirSync(join(cache, "rules"));
  expect(others).toEqual([]);
  writeFileSync(join(cache, "rules", file), "{");
  expect(await read(row("2h"))).toEqual(first);
});

test("autostop is read anew when it is set, and kept", async () => {
  expect((await read(row("2h"))).lifetime?.autostop).toBeUndefined();
  const set: Cluster = { ...row("2h"), wish: { counts: {}, autostop: { idleMs: 60_000, at: 7 } } };
  const expected = { idleTimeoutMs: 60_000, stopAt: 7, autostop: { idleMs: 60_000, at: 7 } };
  expect((await read(set)).lifetime).toMatchObject(expected);
  expect((await read(set)).lifetime).toMatchObject(expected);
});

test("a cluster that is not recorded has no rules", async () => {
  expect(await recordedRules({ cache, backend: { kind: "shared", url: "" } }, undefined)).toEqual({
    lifetime: undefined,
    warnings: [],
    isScaled: false,
  });
});
