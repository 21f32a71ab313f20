import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findDocker } from "./address.ts";

const home = mkdtempSync(join(tmpdir(), "swarm-docker-"));
const id = createHash("sha256").update("build").digest("hex");
const contexts = join(home, ".docker", "contexts");
mkdirSync(join(contexts, "meta", id), { recursive: true });
mkdirSync(join(contexts, "tls", id, "docker"), { recursive: true });
writeFileSync(
  join(contexts, "meta", id, "meta.json"),
  JSON.stringify({ Name: "build", Endpoints: { docker: { Host: "tcp://build:2376" } } }),
);
afterAll(() => rmSync(home, { recursive: true }));

const tls = join(contexts, "tls", id, "docker");

test.each<{ title: string; named?: string; env?: object; want: object }>([
  { title: "nothing is set", want: { url: "unix:///var/run/docker.sock", tls: undefined } },
  {
    title: "the target names a URL",
    named: "tcp://host:1",
    env: { DOCKER_HOST: "tcp://other:1" },
    want: { url: "tcp://host:1", tls: undefined },
  },
  {
    title: "DOCKER_HOST does",
    env: { DOCKER_HOST: "tcp://other:1", DOCKER_CONTEXT: "build", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" },
    want: { url: "tcp://other:1", tls: "/certs" },
  },
  {
    title: "the target names a context",
    named: "build",
    env: { DOCKER_HOST: "tcp://other:1" },
    want: { url: "tcp://build:2376", tls },
  },
  { title: "DOCKER_CONTEXT does", env: { DOCKER_CONTEXT: "build" }, want: { url: "tcp://build:2376", tls } },
])("the daemon where $title", ({ named, env, want }) => {
  expect(findDocker(named, { HOME: home, ...env })).toEqual(want);
});

test("a missing context is refused by name", () => {
  expect(() => findDocker("nowhere", { HOME: home })).toThrow("there is no docker context nowhere");
});
