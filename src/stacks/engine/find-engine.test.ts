import { readFile, truncate } from "node:fs/promises";
import { expect, test } from "vitest";
import { SwarmError } from "../../errors.ts";
import { type FakeMachine, fakeGo, fakeMachine, fakePulumi } from "./fakes.fixture.ts";
import { findEngine } from "./find-engine.ts";
import type { Engine, LookupOptions } from "./model.ts";

/** A vendor that does not answer: port 9 of this machine. */
const closed = { goFolders: [], installer: "http://127.0.0.1:9/install.sh", reachMs: 1000 };

function find(machine: FakeMachine, more: Record<string, string> = {}, options: LookupOptions = {}): Promise<Engine> {
  return findEngine({ env: { ...machine.env, ...more }, ...options }, closed);
}

async function refusal(found: Promise<Engine>): Promise<SwarmError> {
  const thrown = await found.catch((error: unknown) => error);
  if (!(thrown instanceof SwarmError)) throw new Error(`not refused: ${JSON.stringify(thrown)}`);
  return thrown;
}

test("takes the first that is new enough on PATH and says what it passed over", async () => {
  const machine = await fakeMachine();
  const old = await machine.script("old/pulumi", fakePulumi("3.100.0"));
  const broken = await machine.script("broken/pulumi", "echo no such library >&2; exit 127");
  const good = await machine.script("good/pulumi", fakePulumi("3.260.1"));
  await machine.script("home/.pulumi/bin/pulumi", fakePulumi("3.261.0"));
  const PATH = ["old", "broken", "good"].map((folder) => `${machine.root}/${folder}`).join(":");
  expect(await find(machine, { PATH: `${PATH}:${machine.env.PATH}` })).toEqual({
    path: good,
    version: "3.260.1",
    origin: "path",
    why:
      `on PATH; ${old} passed over: v3.100.0 is older than v3.249.0; ` +
      `${broken} passed over: does not run (no such library)`,
  });
});

test("takes the home folder's when PATH has only an old one", async () => {
  const machine = await fakeMachine();
  await machine.script("bin/pulumi", fakePulumi("3.248.0"));
  const path = await machine.script("home/.pulumi/bin/pulumi", fakePulumi("3.261.0"));
  const engine = await find(machine);
  expect(engine).toMatchObject({ path, version: "3.261.0", origin: "home" });
  expect(engine.why).toContain("v3.248.0 is older than v3.249.0");
});

test("SWARM_ENGINE goes before all", async () => {
  const machine = await fakeMachine();
  await machine.script("bin/pulumi", fakePulumi("3.261.0"));
  const path = await machine.script("mine", fakePulumi("3.250.0"));
  expect(await find(machine, { SWARM_ENGINE: path })).toMatchObject({ path, version: "3.250.0", origin: "given" });
});

test.each([
  ["a missing file", "true", "/nowhere/pulumi", "is not an executable file"],
  ["an old one", fakePulumi("3.2.0"), "", "v3.2.0 is older than v3.249.0"],
  ["another program", "echo hello", "", 'gives no version ("hello")'],
])("SWARM_ENGINE that is %s is an error, whatever else there is", async (_name, body, path, reason) => {
  const machine = await fakeMachine();
  await machine.script("bin/pulumi", fakePulumi("3.261.0"));
  const given = await machine.script("mine", body);
  const error = await refusal(find(machine, { SWARM_ENGINE: path || given }));
  expect(error.code).toBe("SW501");
  expect(error.message).toBe(`SWARM_ENGINE is ${path || given}: ${reason}`);
});

test("without Go and without a network it names what was tried and the three ways out", async () => {
  const machine = await fakeMachine();
  const error = await refusal(find(machine, { PATH: `${machine.root}/bin` }));
  expect(error.code).toBe("SW501");
  expect(error.message).toMatch(
    /^no Pulumi engine was found\n- download: 127\.0\.0\.1:9 cannot be reached: .+\n- build: Go is not installed$/,
  );
  expect(error.hints.join("\n")).toMatch(/PATH.*downloaded.*Go 1\.26 or newer/s);
});

test("a Go that is too old is named", async () => {
  const machine = await fakeMachine();
  await machine.script("bin/go", fakeGo(machine, ":", "1.24.4"));
  const error = await refusal(find(machine, { SWARM_ENGINE_SOURCES: "path,build" }));
  expect(error.message).toContain(`build: ${machine.root}/bin/go is Go 1.24.4, older than 1.26.0`);
  expect(error.message).toContain("allowed ways: path, build");
});

test("builds, then finds what it built; a damaged file is built again and said", async () => {
  const machine = await fakeMachine();
  await machine.script("bin/go", fakeGo(machine));
  const built = await find(machine);
  expect(built).toMatchObject({ origin: "build", version: "3.259.0" });
  expect(built.why).toMatch(/^built from its Go modules with Go 1\.26\.8; download: /);
  expect(await find(machine)).toMatchObject({ path: built.path, origin: "cache", why: "in the cache, from a build" });

  await truncate(built.path, 4);
  const again = await find(machine, {}, { sources: ["cache", "build"] });
  expect(again).toMatchObject({ path: built.path, origin: "build" });
  expect(again.why).toContain("the cached engine is damaged: it has 4 bytes");
  expect(await find(machine)).toMatchObject({ origin: "cache" });
  expect((await readFile(`${machine.root}/go.log`, "utf8")).trim().split("\n")).toHaveLength(2);
});

test("an unknown word in SWARM_ENGINE_SOURCES is refused", async () => {
  const machine = await fakeMachine();
  const error = await refusal(find(machine, { SWARM_ENGINE_SOURCES: "path,internet" }));
  expect(error.message).toBe('SWARM_ENGINE_SOURCES names "internet", which is not a source of an engine');
});
