import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { checkEnvironment, checkSurroundings } from "./doctor-surroundings.ts";
import { readSettings } from "./settings.ts";

test.each([
  [{}, { home: "ok", folders: "ok", passphrase: "ok", environment: "ok" }],
  [{ TMPDIR: "/no/such/folder" }, { home: "ok", folders: "fail", passphrase: "ok", environment: "ok" }],
  [{ SWARM_HOME: "/dev/null/home" }, { home: "ok", folders: "fail", passphrase: "ok", environment: "ok" }],
  [{ PULUMI_CONFIG_PASSPHRASE: "" }, { home: "ok", folders: "ok", passphrase: "fail", environment: "ok" }],
  [{ PULUMI_CONFIG_PASSPHRASE_FILE: "/none" }, { home: "ok", folders: "ok", passphrase: "fail", environment: "ok" }],
  [{ SWARM_HOME: tmpdir() }, { home: "fail", folders: "ok", passphrase: "ok", environment: "ok" }],
  [{ NODE_DEBUG: "net" }, { home: "ok", folders: "ok", passphrase: "ok", environment: "warn" }],
])("doctor with %j", (env, statuses) => {
  const settings = readSettings({ HOME: tmpdir(), SWARM_CACHE: tmpdir(), TMPDIR: tmpdir(), ...env });
  expect(Object.fromEntries(checkSurroundings(settings).map(({ check, status }) => [check, status]))).toEqual(statuses);
});

test.each([
  [{}, "ok", "nothing disturbs the engine"],
  [{ https_proxy: "http://user:secret@proxy" }, "ok", "https_proxy: not used for loopback"],
  [
    { NODE_OPTIONS: "-r x.cjs", HTTP_PROXY: "p" },
    "warn",
    "NODE_OPTIONS -r x.cjs: would run in each plugin and worker; HTTP_PROXY: not used for loopback",
  ],
  [{ GRPC_TRACE: "all" }, "warn", "GRPC_TRACE: prints the messages between engine and plugins"],
])("environment %j: %s", (env, status, detail) => {
  expect(checkEnvironment(env)).toMatchObject({ check: "environment", status, detail });
});
