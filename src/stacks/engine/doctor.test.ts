import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type DoctorRow, doctorEngine, judgeNode } from "./doctor.ts";
import { type FakeMachine, fakeGo, fakeMachine, fakePulumi } from "./fakes.fixture.ts";

const machineOf = { goFolders: [], installer: "http://127.0.0.1:9/", reachMs: 1000 };

async function rows(
  { env, root }: FakeMachine,
  more: Record<string, string> = {},
  backendUrl = `file://${root}/state`,
): Promise<Record<string, DoctorRow>> {
  const found = await doctorEngine({ env: { ...env, ...more }, backendUrl, machine: machineOf });
  return Object.fromEntries(found.map((row) => [row.check, row]));
}

test("a machine with all has eight rows that are ok", async () => {
  const machine = await fakeMachine();
  await machine.script("bin/pulumi", fakePulumi("3.259.0"));
  await machine.script("bin/pulumi-language-nodejs", "true");
  await machine.script("bin/pulumi-resource-kubernetes", "true");
  await machine.script("bin/go", fakeGo(machine));
  const found = await rows(machine);
  expect(Object.keys(found)).toEqual([
    "node",
    "engine",
    "language host",
    "kubernetes plugin",
    "docker plugin",
    "go",
    "cache",
    "backend",
  ]);
  expect(Object.values(found).filter((row) => row.status !== "ok")).toEqual([]);
  expect(found.engine?.detail).toBe(`v3.259.0 at ${machine.root}/bin/pulumi (path: on PATH)`);
  expect(found.backend?.detail).toBe(`${machine.root}/state`);
});

test("no engine is a warning where Go can build one, and nothing is built", async () => {
  const machine = await fakeMachine();
  await machine.script("bin/go", fakeGo(machine));
  const { engine, "language host": host } = await rows(machine);
  expect(engine).toMatchObject({ status: "warn", detail: "none yet" });
  expect(engine?.hint).toContain("builds it in about 5 minutes");
  expect(host?.status).toBe("warn");
  expect(await rows(machine)).toMatchObject({ engine: { detail: "none yet" } });
});

test("no engine and no Go is a failure with the ways out", async () => {
  const machine = await fakeMachine();
  const { engine, go } = await rows(machine, { PATH: `${machine.root}/bin` });
  expect(engine?.status).toBe("fail");
  expect(engine?.hint).toContain("install the official Pulumi CLI");
  expect(go).toMatchObject({ status: "warn", detail: "Go is not installed" });
});

test("a wrong setting is a failed row, never an error", async () => {
  const machine = await fakeMachine();
  const given = await rows(machine, { SWARM_ENGINE: "/nowhere" });
  expect(given.engine).toMatchObject({ status: "fail", detail: "SWARM_ENGINE is /nowhere: is not an executable file" });
  const word = await rows(machine, { SWARM_ENGINE_SOURCES: "internet" });
  expect(word.engine).toMatchObject({ status: "fail" });
});

test("a cache and a backend that cannot be folders fail; a shared backend shows no more than its kind", async () => {
  const machine = await fakeMachine();
  await writeFile(`${machine.root}/file`, "");
  const broken = await rows(machine, { SWARM_CACHE: `${machine.root}/file/cache` }, `file://${machine.root}/file`);
  expect(broken.cache).toMatchObject({ status: "fail", detail: `${machine.root}/file is not a folder` });
  expect(broken.backend).toMatchObject({ status: "fail", detail: `${machine.root}/file is not a folder` });
  const shared = await rows(machine, {}, "s3://bucket?secret=abc");
  expect(shared.backend).toEqual({ check: "backend", status: "ok", detail: "shared, s3" });
});

test.each([
  ["22.19.0", "ok"],
  ["24.21.0", "ok"],
  ["20.20.2", "fail"],
])("node %s: %s", (version, status) => {
  expect(judgeNode(version).status).toBe(status);
});
