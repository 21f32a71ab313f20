import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { importBusybox } from "../../tools/docker/busybox.ts";
import { registryLogin } from "../../tools/docker/docker.ts";
import { urns, usePlugin } from "./plugin/support/site.ts";
import { pushToRegistry } from "./support/push.ts";

const site = usePlugin({ registry: "with login" });
const { username, password } = registryLogin;
const root = mkdtempSync(join(tmpdir(), "swarm-docker-login-"));
afterAll(() => rmSync(root, { recursive: true }));

/** A folder in the state that `docker login` leaves. */
function loggedIn(name: string, config: unknown): string {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  return folder;
}

test("§4 login: from the provider, from docker login and from a credential helper; without one the registry refuses with a message", async () => {
  const { docker, start } = site();
  const { registry } = docker;
  const name = `${registry}/closed:1`;
  const push = async (content: string) => {
    await importBusybox(docker, name, { "etc/content": content });
    return pushToRegistry(docker, name, { username, password, serveraddress: registry });
  };
  await push("1");
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  const helper = join(root, "docker-credential-test");
  const answer = JSON.stringify({ ServerURL: registry, Username: username, Secret: password });
  writeFileSync(helper, `#!/bin/sh\n[ "$1 $(cat)" = "get ${registry}" ] && echo '${answer}'\n`);
  chmodSync(helper, 0o755);
  const PATH = `${root}:${process.env.PATH}`;
  const ways = {
    given: await start({ registryAuth: [{ address: registry, username, password }] }),
    file: await start({}, { env: { DOCKER_CONFIG: loggedIn("file", { auths: { [registry]: { auth } } }) } }),
    helper: await start({}, { env: { PATH, DOCKER_CONFIG: loggedIn("one", { credHelpers: { [registry]: "test" } }) } }),
    store: await start({}, { env: { PATH, DOCKER_CONFIG: loggedIn("all", { credsStore: "test" }) } }),
  };
  for (const [way, plugin] of Object.entries(ways)) {
    const kept = await plugin.create(urns.image(way), { name });
    expect(kept.outputs.repoDigest, way).toMatch(/^127\.0\.0\.1:5000\/closed@sha256:/);
    await plugin.delete(kept);
  }
  const anonymous = await start({}, { env: { DOCKER_CONFIG: loggedIn("anonymous", {}) } });
  await expect(anonymous.create(urns.image("anonymous"), { name })).rejects.toThrow(
    /closed:1 is not on the docker host and cannot be pulled: .*no basic auth credentials/,
  );

  const kept = await ways.file.create(urns.image("moves"), { name, keepLocally: true });
  await docker.client.getImage(name).tag({ repo: "stays", tag: "1" });
  const moved = await push("2");
  await docker.client.getImage("stays:1").tag({ repo: `${registry}/closed`, tag: "1" });
  await docker.client.pull(String(kept.outputs.repoDigest), {
    authconfig: { username, password, serveraddress: registry },
  });
  expect((await ways.file.read(kept))?.outputs.repoDigest).toBe(`${registry}/closed@${moved}`);
});
