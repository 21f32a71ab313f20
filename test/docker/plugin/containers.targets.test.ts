import { expect, test } from "vitest";
import type { NotLive } from "../../kubernetes/plugin/support/plugin.ts";
import { sleeper, urns, usePlugin } from "./support/site.ts";

const site = usePlugin();

test("§1 create, read, update, delete: a container's life", async () => {
  const { plugin, inspect } = site();
  const urn = urns.container("life");
  const kept = await plugin.create(urn, sleeper("life", { restart: "no", labels: [{ label: "a", value: "1" }] }));
  const made = await inspect("life");
  expect(made?.Id).toBe(kept.id);
  expect(made?.State.Running).toBe(true);
  expect(made?.Config.Labels).toMatchObject({ a: "1", "swarmstack.dev/owner": `${urn} provider-1` });
  expect(kept.outputs).toMatchObject({
    ...{ name: "life", mustRun: true, restart: "no", networkMode: "bridge", removeVolumes: true },
    labels: [{ label: "a", value: "1" }],
  });
  expect(await plugin.diff(kept, kept.inputs)).toEqual({ changes: {}, deleteBeforeReplace: false });
  const read = await plugin.read(kept);
  expect(read?.inputs).toEqual(kept.inputs);
  expect(read?.outputs).toEqual(kept.outputs);

  const changed = { ...kept.inputs, restart: "always", memory: 64, cpuShares: 512 };
  expect(await plugin.diff(kept, changed)).toEqual({
    changes: { restart: "update", memory: "add", cpuShares: "add" },
    deleteBeforeReplace: false,
  });
  const updated = await plugin.update(kept, changed);
  const { HostConfig, Id } = (await inspect("life")) ?? {};
  expect(Id).toBe(kept.id);
  expect(HostConfig).toMatchObject({ RestartPolicy: { Name: "always" }, Memory: 64 * 1024 ** 2, CpuShares: 512 });
  expect((await plugin.diff(updated, changed)).changes).toEqual({});

  await plugin.delete(updated);
  expect(await inspect("life")).toBeUndefined();
  await plugin.delete(updated);
});

test("§1 wait: an unhealthy container is reported with the output of its check", async () => {
  const { plugin } = site();
  const inputs = sleeper("sick", {
    healthcheck: { tests: ["CMD-SHELL", "echo no database; exit 1"], interval: "200ms", timeout: "1s", retries: 1 },
    wait: true,
    waitTimeout: 2,
  });
  const failure = (await plugin.create(urns.container("sick"), inputs).catch((error: unknown) => error)) as NotLive;
  expect(failure.reasons).toEqual([
    'container sick is not healthy after 2 s (unhealthy): its check ended with 1 and said "no database"',
  ]);
  await plugin.delete({ urn: urns.container("sick"), ...failure.kept, inputs });
});

test("§1 wait: a container that ends, and one without a check, are reported; the next update succeeds", async () => {
  const { plugin, inspect } = site();
  const healthcheck = { tests: ["CMD", "true"], interval: "200ms" };
  const inputs = sleeper("ends", { healthcheck, wait: true, command: ["sh", "-c", "echo no config >&2; exit 3"] });
  const failure = (await plugin.create(urns.container("ends"), inputs).catch((error: unknown) => error)) as NotLive;
  expect(failure.reasons).toEqual(["container ends ended with exit status 3; its last output: no config"]);
  expect(failure.kept.outputs).toMatchObject({ mustRun: false, exitCode: 3 });
  const kept = { urn: urns.container("ends"), ...failure.kept, inputs };
  expect((await plugin.diff(kept, inputs)).changes).toEqual({ mustRun: "update" });
  await expect(plugin.update(kept, inputs)).rejects.toThrow("ended with exit status 3");
  expect((await inspect("ends"))?.Id).toBe(kept.id);
  await plugin.delete(kept);

  const unchecked = sleeper("unchecked", { wait: true });
  await expect(plugin.create(urns.container("unchecked"), unchecked)).rejects.toThrow(
    "container unchecked has `wait` but no health check",
  );
});

test("§1 wait: waits until the container is healthy", async () => {
  const { plugin, inspect } = site();
  const healthcheck = { tests: ["CMD", "test", "-f", "/tmp/up"], interval: "200ms", startPeriod: "10s" };
  const command = ["sh", "-c", "sleep 1; touch /tmp/up; sleep 3600"];
  const kept = await plugin.create(urns.container("slow"), sleeper("slow", { healthcheck, wait: true, command }));
  expect((await inspect("slow"))?.State.Health?.Status).toBe("healthy");
  expect(plugin.messages(kept.urn)).toContain("(info: waiting for its health check: starting)");
  expect((await plugin.diff(kept, kept.inputs)).changes).toEqual({});
  await plugin.delete(kept);
});

test("§1 drift: killed, removed and changed by hand are detected by a refresh, and repaired", async () => {
  const { plugin, docker, inspect } = site();
  const inputs = sleeper("drift", { restart: "unless-stopped", memory: 64 });
  const kept = await plugin.create(urns.container("drift"), inputs);
  const { client } = docker;
  await client.getContainer("drift").kill();
  await client.getContainer("drift").update({ RestartPolicy: { Name: "no" }, Memory: 32 * 1024 ** 2 });
  const seen = await plugin.read(kept);
  if (seen === undefined) throw new Error("it is there");
  expect(seen.outputs).toMatchObject({ mustRun: false, exitCode: 137, restart: "no", memory: 32 });
  expect(await plugin.diff(seen, inputs)).toEqual({
    changes: { mustRun: "update", restart: "update", memory: "update" },
    deleteBeforeReplace: false,
  });
  expect((await plugin.diff(seen, inputs, { ignoreChanges: ["memory"] })).changes).not.toHaveProperty("memory");
  const updated = await plugin.update(seen, inputs);
  expect(updated.outputs).toMatchObject({ mustRun: true, restart: "unless-stopped", memory: 64 });
  expect((await inspect("drift"))?.State.Running).toBe(true);
  expect((await plugin.diff(updated, inputs)).changes).toEqual({});

  await client.getContainer("drift").remove({ force: true });
  expect(await plugin.read(updated)).toBeUndefined();
  await client.createContainer({ name: "drift", Image: "busybox:1" });
  expect(await plugin.read(updated)).toBeUndefined();
});

test("§1 uploads: files reach volumes through a container that never starts, also with long names", async () => {
  const { plugin, docker } = site();
  const volume = await plugin.create(urns.volume("files"), { name: "files" });
  const long = `${"folder-of-a-long-name/".repeat(8)}file.txt`;
  const content = Buffer.from([0, 1, 2, 255, ...Buffer.from("text")]);
  const inputs = {
    ...{ name: "carrier", image: "busybox:1", start: false, mustRun: false, networkMode: "none" },
    mounts: [{ type: "volume", source: "files", target: "/files" }],
    uploads: [
      { file: "/files/a/b.bin", contentBase64: content.toString("base64") },
      { file: `/files/${long}`, content: "long" },
      { file: "/files/run.sh", content: "", executable: true },
    ],
  };
  const kept = await plugin.create(urns.container("carrier"), inputs);
  expect((await site().inspect("carrier"))?.State.Status).toBe("created");
  expect((await plugin.diff(kept, inputs)).changes).toEqual({});
  expect((await plugin.read(kept))?.outputs).toEqual(kept.outputs);
  expect(await inVolume("xxd -p /files/a/b.bin")).toBe(content.toString("hex"));
  expect(await inVolume(`cat /files/${long}`)).toBe("long");
  expect(await inVolume("stat -c %a /files/run.sh")).toBe("744");
  const [first, ...others] = inputs.uploads;
  const edited = { ...inputs, uploads: [{ ...first, contentBase64: "" }, ...others] };
  expect((await plugin.diff(kept, edited)).changes).toEqual({ "uploads[0]": "update-replace" });
  await plugin.delete(kept);
  await plugin.delete(volume);

  async function inVolume(command: string): Promise<string> {
    const container = await docker.client.createContainer({
      Image: "busybox:1",
      Tty: true,
      Cmd: ["sh", "-c", command],
      HostConfig: { Binds: ["files:/files"] },
    });
    await container.start();
    await container.wait();
    const said = (await container.logs({ stdout: true })).toString().trim();
    await container.remove();
    return said;
  }
});

test("§1 settings: each reaches the daemon, and causes no change afterwards", async () => {
  const { plugin, inspect } = site();
  const inputs = sleeper("settings", {
    ...{
      user: "10001:10001",
      readOnly: true,
      workingDir: "/tmp",
      hostname: "host",
      stopSignal: "SIGINT",
      stopTimeout: 7,
    },
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    tmpfs: { "/tmp": "size=1m" },
    logDriver: "json-file",
    logOpts: { "max-size": "1m", "max-file": "2" },
    ...{ memory: 64, memorySwap: 64, cpuShares: 512, cpus: "0.5", shmSize: 8 },
    ports: [{ internal: 80, external: 18081, ip: "127.0.0.1" }],
    hosts: [{ host: "api", ip: "10.0.0.1" }],
    ulimits: [{ name: "nofile", soft: 100, hard: 200 }],
    sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" },
    dns: ["127.0.0.1"],
    envs: ["B=2", "A=1"],
    entrypoints: ["busybox"],
  });
  const kept = await plugin.create(urns.container("settings"), inputs);
  const { Config, HostConfig } = (await inspect("settings")) ?? {};
  expect(Config).toMatchObject({
    ...{ User: "10001:10001", WorkingDir: "/tmp", Hostname: "host", StopSignal: "SIGINT", StopTimeout: 7 },
    Entrypoint: ["busybox"],
    Cmd: ["sleep", "3600"],
  });
  expect(HostConfig).toMatchObject({
    ...{
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      Init: true,
      Privileged: false,
    },
    ...{ Memory: 64 * 1024 ** 2, CpuShares: 512, NanoCpus: 5e8, ShmSize: 8 * 1024 ** 2 },
    Tmpfs: { "/tmp": "size=1m" },
    LogConfig: { Type: "json-file", Config: { "max-size": "1m", "max-file": "2" } },
    PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "18081" }] },
    ExtraHosts: ["api:10.0.0.1"],
    Dns: ["127.0.0.1"],
  });
  expect((await plugin.diff(kept, { ...inputs, envs: ["A=1", "B=2"] })).changes).toEqual({});
  expect((await plugin.read(kept))?.outputs).toEqual(kept.outputs);
  const { entrypoints: _taken, ...without } = inputs;
  expect((await plugin.diff(kept, { ...without, tmpfs: { "/tmp": "size=2m" }, envs: ["A=1", "B=3"] })).changes).toEqual(
    {
      entrypoints: "delete-replace",
      'tmpfs["/tmp"]': "update-replace",
      "envs[1]": "add-replace",
      "envs[0]": "delete-replace",
    },
  );
  await plugin.delete(kept);
});

test("§1 gpus: device ids reach the daemon, which reports a missing device", async () => {
  const { plugin, inspect } = site();
  const inputs = sleeper("gpu", { gpus: "device=0,2" });
  const failure = (await plugin.create(urns.container("gpu"), inputs).catch((error: unknown) => error)) as NotLive;
  expect(failure.reasons.join()).toContain("container gpu cannot be started: could not select device driver");
  expect((await inspect("gpu"))?.HostConfig.DeviceRequests).toMatchObject([
    { DeviceIDs: ["0", "2"], Capabilities: [["gpu"]] },
  ]);
  await plugin.delete({ urn: urns.container("gpu"), ...failure.kept, inputs });
});

test("§1 delete: the container has its grace period, and no more", async () => {
  const { plugin, docker } = site();
  const { client } = docker;
  await client.createVolume({ Name: "ended" });
  const inputs = (name: string, end: string) =>
    sleeper(name, {
      command: ["sh", "-c", `trap '${end}' TERM; while :; do sleep 0.1; done`],
      volumes: [{ volumeName: "ended", containerPath: "/ended" }],
      destroyGraceSeconds: 2,
      init: false,
    });
  const polite = await plugin.create(urns.container("polite"), inputs("polite", "touch /ended/polite; exit 0"));
  const deaf = await plugin.create(urns.container("deaf"), inputs("deaf", ""));
  await Promise.all([plugin.delete(polite), plugin.delete(deaf)]);
  expect(await site().inspect("deaf")).toBeUndefined();
  const look = await client.createContainer({
    Image: "busybox:1",
    Cmd: ["test", "-f", "/ended/polite"],
    HostConfig: { Binds: ["ended:/ended"] },
  });
  await look.start();
  expect((await look.wait()).StatusCode).toBe(0);
});

test("§1 check: an invalid value is refused with its path; a missing name is generated", async () => {
  const { plugin } = site();
  const urn = urns.container("checked");
  const wrong = {
    ...{ image: "busybox:1", attach: true, restart: "sometimes", gpus: "2" },
    healthcheck: { tests: ["CMD", "true"], interval: "3 seconds" },
    envs: ["A=1", "B"],
    uploads: [{ file: "/a" }],
  };
  const failures = (await plugin.checked(urn, wrong)).getFailuresList().map((failure) => failure.getProperty());
  expect(failures.toSorted()).toEqual(["attach", "envs.1", "gpus", "healthcheck.interval", "restart", "uploads.0"]);
  const checked = await plugin.check(urn, { image: "busybox:1" });
  expect(checked.name).toMatch(/^checked-[0-9a-f]{7}$/);
  expect(await plugin.check(urn, { image: "busybox:2" }, checked)).toEqual({ ...checked, image: "busybox:2" });
  expect((await plugin.check(urn, { image: "busybox:1" }, undefined, { autonaming: "proposed" })).name).toBe(
    "proposed",
  );
});

test("§1 import: a container created by hand, without a change of its inputs", async () => {
  const { plugin, docker } = site();
  const { client } = docker;
  await client.createNetwork({ Name: "hand" });
  const container = await client.createContainer({
    name: "by-hand",
    Image: "busybox:1",
    Cmd: ["sleep", "3600"],
    Env: ["A=1"],
    Labels: { a: "1" },
    HostConfig: { NetworkMode: "hand", RestartPolicy: { Name: "always" }, Memory: 64 * 1024 ** 2, Init: true },
  });
  await container.start();
  const imported = await plugin.read({ urn: urns.container("by-hand"), id: "by-hand" });
  if (imported === undefined) throw new Error("it is there");
  expect(imported.id).toBe(container.id);
  expect(imported.inputs).toEqual({
    ...{ name: "by-hand", image: "busybox:1", command: ["sleep", "3600"], envs: ["A=1"] },
    ...{ restart: "always", memory: 64, init: true, networkMode: "hand", networksAdvanced: [{ name: "hand" }] },
    labels: [{ label: "a", value: "1" }],
  });
  expect((await plugin.diff(imported, imported.inputs)).changes).toEqual({});
  await plugin.delete(imported);
});
