import { mkdir, symlink, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { fakeGo, fakeMachine } from "./fakes.fixture.ts";
import { findLanguageHost } from "./find-language-host.ts";
import type { Engine } from "./model.ts";

const machineOf = { goFolders: [], installer: "http://127.0.0.1:9/", reachMs: 1000 };
const name = "pulumi-language-nodejs";

function engineAt(path: string): Engine {
  return { path, version: "3.259.0", origin: "path", why: "" };
}

test("takes the one beside the engine, also behind a link, before the one on PATH", async () => {
  const machine = await fakeMachine();
  const onPath = await machine.script(`bin/${name}`, "true");
  const beside = await machine.script(`official/${name}`, "true");
  await machine.script("official/pulumi", "true");
  await mkdir(`${machine.root}/linked`);
  await symlink(`${machine.root}/official/pulumi`, `${machine.root}/linked/pulumi`);
  const find = (path: string): Promise<unknown> => findLanguageHost(engineAt(path), { env: machine.env }, machineOf);
  expect(await find(`${machine.root}/linked/pulumi`)).toMatchObject({ path: beside, origin: "engine" });
  expect(await find(`${machine.root}/elsewhere/pulumi`)).toMatchObject({ path: onPath, origin: "path" });
});

test("builds one, finds it again, and builds a damaged one again", async () => {
  const machine = await fakeMachine();
  await machine.script("bin/go", fakeGo(machine));
  const find = (): ReturnType<typeof findLanguageHost> =>
    findLanguageHost(engineAt(`${machine.root}/pulumi`), { env: machine.env }, machineOf);
  const built = await find();
  expect(built).toMatchObject({ origin: "build" });
  expect(dirname(built.path)).toContain(`${machine.cache}/language-host/3.68.0-`);
  expect(await find()).toMatchObject({ origin: "cache", path: built.path });
  await truncate(built.path, 1);
  const again = await find();
  expect(again.origin).toBe("build");
  expect(again.why).toContain("damaged");
});

test.each([
  [{}, "build: Go is not installed"],
  [{ SWARM_ENGINE_SOURCES: "path,cache" }, "build: not allowed by SWARM_ENGINE_SOURCES"],
])("with none and %j it is SW503 with the reason", async (more, reason) => {
  const machine = await fakeMachine();
  const env = { ...machine.env, PATH: `${machine.root}/bin`, ...more };
  const found = findLanguageHost(engineAt(`${machine.root}/pulumi`), { env }, machineOf);
  await expect(found).rejects.toMatchObject({ code: "SW503", values: { tried: [reason] } });
});
