import { expect, test } from "vitest";
import { checkEnvironment } from "./doctor-surroundings.ts";

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
