import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseBackend } from "./backend.ts";
import { listCheckpointFiles, readCheckpointFile } from "./checkpoint-file.ts";

let dir: string;
let stacks: string;
const resource = { urn: "urn:1", type: "t:i:T", custom: true };
const whole = { version: 3, checkpoint: { latest: { resources: [resource] } } };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "swarm-checkpoints-"));
  stacks = join(dir, ".pulumi", "stacks", "shop");
});

afterEach(() => rmSync(dir, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(stacks, { recursive: true });
  writeFileSync(join(dir, ".pulumi", "meta.yaml"), "version: 1\n");
  writeFileSync(join(stacks, name), text);
}

const read = (stack = "dev", project = "shop") => readCheckpointFile(parseBackend(`file://${dir}`), project, stack);
const list = () => listCheckpointFiles(parseBackend(`file://${dir}`), "shop");

test.each([
  { title: "version 3", state: whole, resources: 1 },
  { title: "version 4 with known features", state: { ...whole, version: 4, features: ["hooks"] }, resources: 1 },
  { title: "a stack without an update", state: { version: 3, checkpoint: {} }, resources: 0 },
])("reads $title", async ({ state, resources }) => {
  write("dev.json", JSON.stringify(state));
  expect((await read())?.resources).toHaveLength(resources);
});

test.each([
  { title: "a newer version", text: JSON.stringify({ ...whole, version: 5 }) },
  { title: "an unknown feature", text: JSON.stringify({ ...whole, version: 4, features: ["byteString"] }) },
  { title: "a damaged file", text: JSON.stringify(whole).slice(0, 40) },
  { title: "an empty file", text: "" },
])("leaves $title to the engine", async ({ text }) => {
  write("dev.json", text);
  expect(await read()).toBeUndefined();
});

test("leaves a state whose attributes are half written to the engine, which fails on it", async () => {
  write("dev.json", JSON.stringify(whole));
  write("dev.json.attrs", '{"user.cache');
  expect(await read()).toBeUndefined();
});

test("leaves missing stacks, other backends and names that are paths to the engine", async () => {
  write("dev.json", JSON.stringify(whole));
  expect(await read("prod")).toBeUndefined();
  expect(await read("../shop/dev")).toBeUndefined();
  expect(await read("dev", "..")).toBeUndefined();
  expect(await readCheckpointFile(parseBackend("s3://states"), "shop", "dev")).toBeUndefined();
});

test("lists the states of a project, without copies and attributes", async () => {
  expect(await list()).toEqual([]);
  for (const name of ["dev.json", "dev.json.bak", "dev.json.attrs", "prod.json"]) write(name, "{}");
  expect((await list())?.toSorted()).toEqual(["dev", "prod"]);
  write("old.json.gz", "");
  expect(await list()).toBeUndefined();
});

test("leaves the layout of older engines to the engine", async () => {
  mkdirSync(join(dir, ".pulumi", "stacks"), { recursive: true });
  writeFileSync(join(dir, ".pulumi", "stacks", "dev.json"), JSON.stringify(whole));
  expect(await list()).toBeUndefined();
});
