import { readdir, readFile, stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { SwarmError } from "../../errors.ts";
import { fakeGo, fakeMachine } from "./fakes.fixture.ts";
import { findEngine } from "./find-engine.ts";
import type { EngineProgress } from "./model.ts";
import { engineRecipe } from "./recipe.ts";

const machineOf = { goFolders: [], installer: "http://127.0.0.1:9/", reachMs: 1000 };

test("a failing go is SW502 with the end of what it said, and leaves no work folder", async () => {
  const machine = await fakeMachine();
  await machine.script("bin/go", fakeGo(machine, 'echo "x.go:3: undefined: y" >&2; exit 1'));
  const error = await findEngine({ env: machine.env, sources: ["build"] }, machineOf).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SwarmError);
  expect(error).toMatchObject({ code: "SW502", values: { step: "compilation", output: ["x.go:3: undefined: y"] } });
  expect((await readdir(`${machine.cache}/engine`)).filter((name) => name.endsWith(".work"))).toEqual([]);
});

test("go works in a copy of the module, with no flags of the user's, and tells its progress", async () => {
  const machine = await fakeMachine();
  const spy = `env > ${machine.root}/go.env; cp go.mod ${machine.root}/seen.mod; echo "// touched" >> go.mod`;
  await machine.script("bin/go", fakeGo(machine, spy));
  const before = await stat(`${engineRecipe.module}/go.mod`);
  const seen: EngineProgress[] = [];
  const env = { ...machine.env, GOFLAGS: "-mod=mod", GOOS: "plan9", GOPROXY: "https://mirror.example" };
  await findEngine({ env, sources: ["build"], onProgress: (progress) => seen.push(progress) }, machineOf);

  expect((await stat(`${engineRecipe.module}/go.mod`)).mtimeMs).toBe(before.mtimeMs);
  expect(await readFile(`${machine.root}/seen.mod`)).toEqual(await readFile(`${engineRecipe.module}/go.mod`));
  const variables = (await readFile(`${machine.root}/go.env`, "utf8")).split("\n");
  expect(variables).toContain("GOTOOLCHAIN=local");
  expect(variables).toContain("GOPROXY=https://mirror.example");
  expect(variables.filter((line) => /^(GOFLAGS|GOOS)=/.test(line))).toEqual([]);
  expect(seen.map(({ phase, message }) => `${phase}: ${message}`)).toEqual([
    "modules: looking at the Go modules",
    "modules: downloading Go module 1: example.com/one",
    "compile: compiling, 0 of at most 3 packages",
    "compile: compiling, 1 of at most 3 packages",
    "compile: compiling, 2 of at most 3 packages",
    "link: linking",
    "store: storing in the cache",
  ]);
});

test("a silent build still reports about once a second", async () => {
  const machine = await fakeMachine();
  await machine.script("bin/go", fakeGo(machine, "sleep 2.5"));
  const times: number[] = [];
  const onProgress = (progress: EngineProgress): unknown =>
    progress.phase === "compile" && times.push(progress.elapsedMs);
  await findEngine({ env: machine.env, sources: ["build"], onProgress }, machineOf);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(times.length).toBeGreaterThanOrEqual(3);
  expect(Math.max(...gaps)).toBeLessThan(2000);
});

test("the caller's signal ends a build: SW606, and go is gone", async () => {
  const machine = await fakeMachine();
  await machine.script("bin/go", fakeGo(machine, "sleep 30"));
  const controller = new AbortController();
  const onProgress = (progress: EngineProgress): void => {
    if (progress.message.includes("1 of")) controller.abort();
  };
  const options = { env: machine.env, sources: ["build"] as const, onProgress, signal: controller.signal };
  const started = performance.now();
  await expect(findEngine(options, machineOf)).rejects.toMatchObject({ code: "SW606" });
  expect(performance.now() - started).toBeLessThan(10_000);
  const pid = Number(/^build (\d+)/.exec(await readFile(`${machine.root}/go.log`, "utf8"))?.[1]);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});
