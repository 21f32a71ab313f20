import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { type FakeMachine, fakeMachine } from "./fakes.fixture.ts";
import { findProvider, neededVersion } from "./find-provider.ts";
import type { Engine, ProviderPlugin } from "./model.ts";

const binary = "pulumi-resource-kubernetes";
const nowhere = "http://127.0.0.1:9/install.sh";
const version = await neededVersion("kubernetes");

function find(machine: FakeMachine, installer = nowhere, env: Record<string, string> = {}): Promise<ProviderPlugin> {
  const engine: Engine = { path: `${machine.root}/pulumi`, version: "3.259.0", origin: "path", why: "" };
  const machineOf = { goFolders: [], installer, reachMs: 500 };
  return findProvider("kubernetes", engine, { env: { ...machine.env, ...env } }, machineOf, `${machine.root}/plugins`);
}

const installed = (home: string) => `${home}/plugins/resource-kubernetes-v${version}/${binary}`;

test("the official one comes first, on PATH or in the engine's folder, of exactly the version that is asked for", async () => {
  const machine = await fakeMachine();
  await machine.script(`plugins/kubernetes/${binary}`, "true");
  await machine.script(`home/.pulumi/plugins/resource-kubernetes-v4.0.0/${binary}`, "true");
  expect(await find(machine)).toMatchObject({ origin: "ours" });
  await machine.script(installed("home/.pulumi"), "true");
  const inFolder = await find(machine);
  expect(inFolder).toEqual({ name: "kubernetes", version, origin: "installed", why: "in the engine's plugin folder" });
  const path = await machine.script(`bin/${binary}`, "true");
  expect(await find(machine)).toMatchObject({ origin: "path", why: `${path} is on PATH` });
});

test("ours is never taken for the official one, also when it is on PATH", async () => {
  const machine = await fakeMachine();
  await machine.script(`plugins/kubernetes/${binary}`, "true");
  const folder = `${machine.root}/plugins/kubernetes`;
  const found = await find(machine, nowhere, { PATH: `${folder}:${machine.env.PATH}` });
  expect(found).toMatchObject({ origin: "ours", folder });
  expect(found.why).toContain("no official one is here; download: 127.0.0.1:9 cannot be reached");
});

test("a download that works is used; one that failed is not tried again at once where ours is there", async () => {
  const machine = await fakeMachine();
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end("#!/bin/sh\n");
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const installer = `http://127.0.0.1:${address.port}/install.sh`;

  await machine.script("pulumi", "echo error: 404 >&2; exit 255");
  await expect(find(machine, installer)).rejects.toMatchObject({ code: "SW505" });
  await machine.script(`plugins/kubernetes/${binary}`, "true");
  expect(await find(machine, installer)).toMatchObject({ origin: "ours", why: expect.stringContaining("error: 404") });
  expect(asked).toBe(1);

  const other = await fakeMachine();
  await other.script("pulumi", `echo "$@" > ${other.root}/args`);
  expect(await find(other, installer)).toMatchObject({ origin: "download" });
  expect(await readFile(`${other.root}/args`, "utf8")).toBe(
    `plugin install resource kubernetes ${version} --non-interactive\n`,
  );
});

test("with none and no way to one it is SW505 with the reason and the ways out", async () => {
  const machine = await fakeMachine();
  await mkdir(`${machine.root}/plugins`);
  const refused = find(machine, nowhere, { SWARM_ENGINE_SOURCES: "path,cache" });
  await expect(refused).rejects.toMatchObject({
    code: "SW505",
    message: `the engine has no kubernetes plugin v${version}\n- download: not allowed by SWARM_ENGINE_SOURCES`,
  });
});
