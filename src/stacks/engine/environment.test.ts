import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { engineEnvironment } from "./environment.ts";
import type { Engine, LanguageHost } from "./model.ts";

const engine: Engine = { path: "/engine/pulumi", version: "3.259.0", origin: "cache", why: "" };
const host: LanguageHost = { path: "/host/pulumi-language-nodejs", origin: "cache", why: "" };
const node = dirname(process.execPath);
const env = { PATH: "/usr/bin:/engine:", SWARM_CACHE: "/cache", HOME: "/absent" };

test("this node, the engine and the host come first on PATH, each once, and the home is ours", () => {
  expect(engineEnvironment(engine, host, { env })).toEqual({
    PATH: `${node}:/engine:/host:/usr/bin`,
    PULUMI_HOME: "/cache/home",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  });
});

test("the usual home is taken where plugins are installed in it", () => {
  const home = mkdtempSync(join(tmpdir(), "swarm-home-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  expect(engineEnvironment(engine, host, { env: { ...env, HOME: home } }).PULUMI_HOME).toBe("/cache/home");
  mkdirSync(join(home, ".pulumi", "plugins"), { recursive: true });
  expect(engineEnvironment(engine, host, { env: { ...env, HOME: home } }).PULUMI_HOME).toBe(join(home, ".pulumi"));
});

test("the user's own home of the engine stays", () => {
  expect(engineEnvironment(engine, undefined, { env: { ...env, PULUMI_HOME: "/mine" } })).toMatchObject({
    PATH: `${node}:/engine:/usr/bin`,
    PULUMI_HOME: "/mine",
  });
});

test("a folder of node with another engine in it comes after the engine's", () => {
  // Stands for a folder such as /usr/local/bin that has node and an old pulumi.
  const beside = { ...engine, path: `/engine/${process.execPath.split("/").at(-1)}` };
  expect(engineEnvironment(beside, host, { env }).PATH).toBe(`/engine:/host:${node}:/usr/bin`);
});

test("where the download is not allowed, plugins are not downloaded either", () => {
  const closed = engineEnvironment(engine, host, { env: { ...env, SWARM_ENGINE_SOURCES: "path,cache,build" } });
  expect(closed).toMatchObject({ PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" });
});
