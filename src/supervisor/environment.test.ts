import { expect, test } from "vitest";
import { instanceEnvironment } from "./environment.ts";

const identity = {
  site: { dir: "/sites/a", id: "1f" },
  cluster: "marketing",
  agent: "writer",
  role: "worker",
  instance: "writer-0",
  blueprintDir: "/blueprints",
  stateDir: "/sites/a/state/writer-0",
  configFile: "/sites/a/config/writer.json",
  tokenFile: "/sites/a/tokens/writer-0",
  knowledgeDir: undefined,
  redis: undefined,
  api: "http://127.0.0.1:1",
  socket: "/sites/a/api/socket",
};

const told = {
  SWARM_CLUSTER: "marketing",
  SWARM_AGENT: "writer",
  SWARM_ROLE: "worker",
  SWARM_INSTANCE: "writer-0",
  SWARM_BLUEPRINT_DIR: "/blueprints",
  SWARM_STATE_DIR: "/sites/a/state/writer-0",
  SWARM_CONFIG: "/sites/a/config/writer.json",
  SWARM_TOKEN_FILE: "/sites/a/tokens/writer-0",
  SWARM_API: "http://127.0.0.1:1",
  SWARM_API_SOCKET: "/sites/a/api/socket",
  SWARM_SITE: "/sites/a",
  SWARM_SITE_ID: "1f",
};

test("only harmless variables of the supervisor's environment are inherited", () => {
  const from = {
    PATH: "/bin",
    TZ: "UTC",
    PULUMI_ACCESS_TOKEN: "x",
    SWARM_PASSPHRASE_FILE: "x",
    AWS_SECRET_ACCESS_KEY: "x",
  };
  expect(instanceEnvironment(from, {}, identity)).toEqual({ PATH: "/bin", TZ: "UTC", ...told });
});

test("a spec may override inherited variables, not the identity", () => {
  const env = { PATH: "/opt/bin", MODEL: "large", SWARM_INSTANCE: "writer-1", SWARM_SITE: "/" };
  expect(instanceEnvironment({ PATH: "/bin" }, env, identity)).toEqual({ PATH: "/opt/bin", MODEL: "large", ...told });
});

test("variables for knowledge and the queue are set only if there are some", () => {
  const told = instanceEnvironment({}, {}, { ...identity, knowledgeDir: "/sites/a/knowledge/1f", redis: "redis://r" });
  expect(told).toMatchObject({ SWARM_KNOWLEDGE_DIR: "/sites/a/knowledge/1f", REDIS_URL: "redis://r" });
});

test("without a port an instance is given the socket only", () => {
  const { SWARM_API: _, ...rest } = told;
  expect(instanceEnvironment({}, {}, { ...identity, api: undefined })).toEqual(rest);
});
