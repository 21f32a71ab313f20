import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { type FakeMachine, fakeGo, fakeMachine } from "./fakes.fixture.ts";

const lookup = pathToFileURL(join(import.meta.dirname, "find-engine.ts")).href;

const program = `
import { findEngine } from "${lookup}";
const phases = new Set();
const found = await findEngine({ onProgress: ({ phase }) => phases.add(phase) }, { goFolders: [], installer: "", reachMs: 1 });
console.log(JSON.stringify({ path: found.path, origin: found.origin, phases: [...phases] }));
`;

function builder(machine: FakeMachine): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    env: { ...machine.env, SWARM_ENGINE_SOURCES: "cache,build" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function builds(machine: FakeMachine): Promise<number[]> {
  const log = await readFile(join(machine.root, "go.log"), "utf8").catch(() => "");
  return [...log.matchAll(/^build (\d+)/gm)].map((match) => Number(match[1]));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

test("of several builders at once one builds, and the others wait, say so and take its work", async () => {
  const machine = await fakeMachine();
  await machine.script("bin/go", fakeGo(machine, "sleep 2"));
  const outputs = await Promise.all([1, 2, 3].map(async () => JSON.parse(await text(builder(machine).stdout))));
  expect(await builds(machine)).toHaveLength(1);
  expect(new Set(outputs.map((output) => output.path)).size).toBe(1);
  expect(outputs.map((output) => output.origin).sort()).toEqual(["build", "cache", "cache"]);
  for (const output of outputs) expect(output.phases.includes("wait")).toBe(output.origin === "cache");
});

test("a builder that is killed (-9) blocks no other: a waiting one builds at once, and clears up", async () => {
  const machine = await fakeMachine();
  await machine.script("bin/go", fakeGo(machine, "sleep 300"));
  const first = builder(machine);
  await until(async () => (await builds(machine)).length === 1);
  const orphan = (await builds(machine))[0] ?? 0;
  onTestFinished(() => void process.kill(-orphan, "SIGKILL"));
  await machine.script("bin/go", fakeGo(machine));
  const second = builder(machine);
  const output = text(second.stdout);
  await sleep(1500);
  expect(second.exitCode).toBeNull();
  expect(await builds(machine)).toHaveLength(1);

  const killed = performance.now();
  first.kill("SIGKILL");
  await once(first, "exit");
  expect(JSON.parse(await output)).toMatchObject({ origin: "build" });
  expect(performance.now() - killed).toBeLessThan(10_000);
  const left = await readdir(join(machine.cache, "engine"));
  expect(left.filter((name) => name.endsWith(".work"))).toEqual([]);
});
