import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fullTier } from "../full-tier.ts";
import { cut, idOf, parseShard, secondsOf } from "./shards.ts";

const longestShardSeconds = 20 * 60;

describe("the full tier", () => {
  test("every file has recorded seconds, and every recorded file exists", () => {
    const files = readdirSync(join(import.meta.dirname, ".."), { recursive: true, encoding: "utf8" });
    const present = files.filter((file) => file.endsWith(".full.test.ts")).sort();
    expect([...new Set(fullTier.map(({ file }) => file))].sort()).toEqual(present);
    expect(fullTier.filter(({ seconds }) => seconds <= 0)).toEqual([]);
  });

  test.each([1, 2, 7, 33, 48])("in %i shards every unit is in exactly one", (of) => {
    const ids = cut(fullTier, of).flat().map(idOf).sort();
    expect(ids).toEqual(fullTier.map(idOf).sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("each shard of CI takes less than twenty minutes", () => {
    for (const shard of cut(fullTier, 48)) expect(secondsOf(shard)).toBeLessThan(longestShardSeconds);
  });
});

test("the parts do not depend on the order of the units", () => {
  expect(cut([...fullTier].reverse(), 9).map((part) => part.map(idOf))).toEqual(
    cut(fullTier, 9).map((part) => part.map(idOf)),
  );
});

test.each([
  ["1/1", { index: 1, of: 1 }],
  ["3/48", { index: 3, of: 48 }],
])("%s is a shard", (text, shard) => {
  expect(parseShard(text)).toEqual(shard);
});

test.each(["", "0/3", "4/3", "1", "a/b", "1/2/3", "-1/3"])("rejects the shard %j", (text) => {
  expect(() => parseShard(text)).toThrow(RangeError);
});
