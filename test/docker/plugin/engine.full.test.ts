import { Container, Network, Provider, RemoteImage, Volume } from "@pulumi/docker/index.js";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Done, findEngineOnPath, PluginStack } from "../../kubernetes/plugin/support/stack.ts";
import { until } from "../../support/sandbox.ts";
import { usePlugin } from "./support/site.ts";

const site = usePlugin();
const stack = new PluginStack("dev", "docker");
const stacks = [stack];
beforeAll(() => findEngineOnPath(process.env.SWARM_ENGINE ?? ""));
afterAll(() => {
  for (const each of stacks) each.dispose();
});

/** Timeout that includes the start of an engine. */
const slowMs = 300_000;
const planted = "s3cret-value-of-the-test";
const encoded = Buffer.from(planted).toString("base64");

interface Version {
  readonly prefix?: string;
  readonly count?: number;
  readonly memory?: number;
  readonly variable?: string;
  /** Health check of a container. */
  readonly check?: string;
}

/** An image, a network, a volume with a file, and containers that wait for their health. */
function program({ prefix = "dev", count = 2, memory = 32, variable = "1", check = "true" }: Version = {}) {
  return async () => {
    const provider = new Provider("daemon", { host: site().docker.url });
    const options = { provider, deleteBeforeReplace: true };
    const { imageId } = new RemoteImage("image", { name: "busybox:1", keepLocally: true }, options);
    const network = new Network("net", { name: `${prefix}-net`, internal: true }, options);
    const volume = new Volume("files", { name: `${prefix}-files` }, options);
    const dataSeed = new Container(
      "carrier",
      {
        ...{ name: `${prefix}-carrier`, image: imageId, start: false, mustRun: false, networkMode: "none" },
        mounts: [{ type: "volume", source: volume.name, target: "/files" }],
        uploads: [{ file: "/files/key", contentBase64: pulumi.secret(encoded) }],
      },
      options,
    );
    for (let ordinal = 0; ordinal < count; ordinal++) {
      const args = {
        ...{ name: `${prefix}-${ordinal}`, image: imageId, command: ["sleep", "3600"], init: true, memory },
        envs: [`NAME=${ordinal}`, pulumi.interpolate`KEY=${pulumi.secret(planted)}`, `VARIABLE=${variable}`],
        networksAdvanced: [{ name: network.name }],
        mounts: [{ type: "volume", source: volume.name, target: "/files", readOnly: true }],
        healthcheck: { tests: ["CMD-SHELL", check], interval: "200ms", timeout: "1s", startPeriod: "60s" },
        wait: true,
        waitTimeout: 600,
        restart: "always",
      };
      new Container(`worker-${ordinal}`, args, { ...options, dependsOn: [dataSeed] });
    }
  };
}

function holdsNoSecret(done: Done): void {
  for (const text of [done.text, stack.state()]) {
    expect(text).not.toContain(planted);
    expect(text).not.toContain(encoded);
  }
}

/** Names of the containers of a prefix, running or not. */
async function containers(prefix: string): Promise<readonly string[]> {
  const found = await site().docker.client.listContainers({ all: true });
  return found
    .flatMap(({ Names }) => Names.map((name) => name.slice(1)))
    .filter((name) => name.startsWith(prefix))
    .toSorted();
}

test("§6 lifecycle: preview and creation in one program; neither events nor state contain a secret; no change afterwards", async () => {
  const previewed = await stack.preview(program());
  expect(previewed.ok, previewed.text).toBe(true);
  const done = await stack.up(program());
  expect(done.ok, done.text).toBe(true);
  expect(done.changes).toEqual({ create: 8 });
  holdsNoSecret(done);
  const live = await site().inspect("dev-0");
  expect(live?.State.Health?.Status).toBe("healthy");
  expect(live?.Config.Env).toContain(`KEY=${planted}`);
  const owner = `${stack.recorded("worker-0").urn} ${stack.recorded("daemon").id}`;
  expect(live?.Config.Labels["swarmstack.dev/owner"]).toBe(owner);
  expect((await stack.preview(program())).changes).toEqual({ same: 8 });
  expect((await stack.refresh()).changes).toEqual({ same: 8 });
});

test("§6 changes: a limit in place, a variable by replacement, a count by one more container", async () => {
  const { inspect } = site();
  const before = await inspect("dev-0");
  const done = await stack.up(program({ memory: 48, count: 3 }));
  expect(done.changes).toMatchObject({ create: 1, update: 2 });
  const after = await inspect("dev-0");
  expect(after?.Id).toBe(before?.Id);
  expect(after?.HostConfig.Memory).toBe(48 * 1024 ** 2);

  const replaced = await stack.up(program({ memory: 48, count: 2, variable: "2" }));
  expect(replaced.ok, replaced.text).toBe(true);
  expect(replaced.changes).toMatchObject({ replace: 2, delete: 1 });
  holdsNoSecret(replaced);
  expect(replaced.steps.filter((step) => step.endsWith("worker-0"))).toEqual([
    "delete-replaced worker-0",
    "replace worker-0",
    "create-replacement worker-0",
  ]);
  expect(await containers("dev-")).toEqual(["dev-0", "dev-1", "dev-carrier"]);
});

test("§6 drift: killed and removed by hand, detected by a refresh, and repaired", async () => {
  const current = program({ memory: 48, variable: "2" });
  const { client } = site().docker;
  await client.getContainer("dev-0").kill();
  await client.getContainer("dev-1").remove({ force: true });
  const refreshed = await stack.refresh();
  expect(refreshed.changes).toMatchObject({ update: 1, delete: 1 });
  const done = await stack.up(current);
  expect(done.ok, done.text).toBe(true);
  expect(done.changes).toMatchObject({ create: 1, update: 1 });
  expect((await site().inspect("dev-0"))?.State.Running).toBe(true);
});

test("§6 destroy: nothing is left", async () => {
  const done = await stack.destroy();
  expect(done.ok, done.text).toBe(true);
  const { client } = site().docker;
  expect(await containers("dev-")).toEqual([]);
  expect((await client.listNetworks()).map(({ Name }) => Name)).not.toContain("dev-net");
  expect((await client.listVolumes()).Volumes?.map(({ Name }) => Name)).not.toContain("dev-files");
});

test("§3 left by a killed run: the engine is killed between creates, nothing is duplicated; another stack is refused", async () => {
  const killed = new PluginStack("killed", "docker");
  const rival = new PluginStack("rival", "docker");
  stacks.push(killed, rival);
  const { client } = site().docker;
  const unready = program({ prefix: "left", check: "test -f /tmp/never" });
  const broken = killed.up(unready);
  await until("a container waits for its health", async () => (await containers("left-")).includes("left-0"), slowMs);
  const pid = killed.enginePid();
  if (pid === undefined) throw new Error("the engine holds no lock");
  process.kill(pid, "SIGKILL");
  expect((await broken).ok).toBe(false);
  const before = await site().inspect("left-0");

  const refused = await rival.up(program({ prefix: "left" }));
  expect(refused.ok).toBe(false);
  expect(refused.messages("net").join("\n")).toContain(
    "network left-net already exists: it belongs to stack killed of project plugin-test (resource net",
  );

  // It becomes healthy once the file exists: existing resources are adopted, not created again.
  await killed.recover();
  const going = killed.up(unready);
  for (const name of ["left-0", "left-1"]) {
    await until(`${name} runs`, async () => (await site().inspect(name))?.State.Running, slowMs);
    const exec = await client.getContainer(name).exec({ Cmd: ["touch", "/tmp/never"] });
    await new Promise<void>(
      (resolve) => void exec.start({}).then((stream) => stream.on("end", () => resolve()).resume()),
    );
  }
  const done = await going;
  expect(done.ok, done.text).toBe(true);
  expect((await site().inspect("left-0"))?.Id).toBe(before?.Id);
  expect(await containers("left-")).toEqual(["left-0", "left-1", "left-carrier"]);
  expect((await killed.preview(unready)).changes).toEqual({ same: 8 });
  expect((await killed.destroy()).ok).toBe(true);
  expect(await containers("left-")).toEqual([]);
});
