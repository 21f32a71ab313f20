import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { quotas } from "./quota.ts";
import { SqliteMemory } from "./sqlite-memory.ts";

const writer = { instance: "writer-0", agent: "writer" };
const counters = "CREATE TABLE counters (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT";

function memory(setup = "") {
  const database = new DatabaseSync(":memory:");
  database.exec(`${counters}; ${setup}`);
  let now = 1_000;
  return {
    database,
    pass: (ms: number) => {
      now += ms;
    },
    open: () => new SqliteMemory(database, { now: () => now, after: () => () => {} }),
  };
}

test("an instance that has used up its quota stops neither other agents nor its own changes", async () => {
  const { open, database } = memory();
  const shared = open();
  const insert = database.prepare(
    "INSERT INTO memory (key, value, version, instance, agent, bytes) VALUES (?, '1', ?, 'writer-0', 'writer', 3)",
  );
  for (let key = 1; key <= quotas.instance.keys; key++) insert.run(`k${key}`, key);
  await expect(shared.put("more", { value: 1, expected: 0, writer })).rejects.toMatchObject({
    code: "SW711",
    values: { scope: "instance", used: { keys: quotas.instance.keys } },
  });
  await shared.put("k1", { value: 2, expected: 1, writer });
  await shared.put("more", { value: 1, expected: 0, writer: { instance: "lead-0", agent: "lead" } });
  await shared.delete("k2", 2);
  await shared.put("another", { value: 1, expected: 0, writer });
});

test("a value counts for its last writer, and an expired one for none", async () => {
  const { open, pass } = memory();
  const shared = open();
  const large = "x".repeat(60_000);
  for (let key = 0; key < 69; key++) {
    await shared.put(`k${key}`, { value: large, expected: 0, writer, expiresAtMs: 2_000 });
  }
  const full = shared.put("more", { value: large, expected: 0, writer });
  await expect(full).rejects.toMatchObject({ code: "SW711" });
  pass(1_000);
  expect(await shared.put("more", { value: large, expected: 0, writer })).toBe(70);
});

test("a key is deleted at the version that was read; an absent key is deleted already", async () => {
  const shared = memory().open();
  const version = await shared.put("plan", { value: 1, expected: 0, writer });
  await expect(shared.delete("plan", version + 1)).rejects.toMatchObject({ code: "SW710", values: { present: 1 } });
  expect(await shared.delete("plan", version)).toBe(version);
  expect(await shared.delete("plan", version)).toBe(0);
  expect(await shared.get("plan")).toBeUndefined();
  expect(await shared.put("plan", { value: 2, expected: 0, writer })).toBe(2);
  expect(await shared.delete("plan", undefined)).toBe(2);
});

test("keys are listed in pages, by prefix, without expired ones", async () => {
  const { open, pass } = memory();
  const shared = open();
  for (const key of ["b", "a/1", "a/2", "a/3", "ä"]) await shared.put(key, { value: key, expected: 0, writer });
  await shared.put("a/0", { value: 1, expected: 0, writer, expiresAtMs: 1_500 });
  pass(600);
  const first = await shared.list({ prefix: "a/", after: undefined, limit: 2 });
  expect(first).toEqual({
    items: [
      { key: "a/1", version: 2, bytes: 8, instance: "writer-0" },
      { key: "a/2", version: 3, bytes: 8, instance: "writer-0" },
    ],
    next: "a/2",
  });
  const second = await shared.list({ prefix: "a/", after: first.next, limit: 2 });
  expect(second).toEqual({ items: [expect.objectContaining({ key: "a/3" })] });
  expect((await shared.list({ prefix: "", after: undefined, limit: 9 })).items.map(({ key }) => key)).toEqual([
    ...["a/1", "a/2", "a/3", "b", "ä"],
  ]);
  expect(await shared.show("ä")).toEqual({ key: "ä", version: 5, bytes: 6, value: "ä", instance: "writer-0" });
});

test("the table of an older version is read: its values have a size and no writer", async () => {
  const old = `CREATE TABLE memory (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL, expires_at INTEGER
  ) STRICT; INSERT INTO memory VALUES ('ü', '"kept"', 7, NULL), ('deep', '${"[".repeat(99)}${"]".repeat(99)}', 8, NULL);`;
  const { open } = memory(old);
  open();
  const shared = open();
  expect(await shared.get("ü")).toEqual({ value: "kept", version: 7 });
  expect((await shared.list({ prefix: "", after: undefined, limit: 9 })).items).toEqual([
    { key: "deep", version: 8, bytes: 202 },
    { key: "ü", version: 7, bytes: 8 },
  ]);
  expect(shared.all().entries).toContainEqual({ key: "deep", value: expect.stringMatching(/nested/), version: 8 });
});

test("a migrated memory keeps its writers", async () => {
  const source = memory().open();
  await source.put("k", { value: 1, expected: 0, writer });
  const destination = memory().open();
  destination.replaceAll(source.all());
  expect(await destination.show("k")).toEqual({ key: "k", version: 1, bytes: 2, value: 1, instance: "writer-0" });
});
