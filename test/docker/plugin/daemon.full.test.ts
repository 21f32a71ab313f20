import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { unknownValue } from "../../../src/providers/base/values.ts";
import { type NotLive, Plugin } from "../../kubernetes/plugin/support/plugin.ts";
import { until } from "../../support/sandbox.ts";
import { sleeper, urns, usePlugin } from "./support/site.ts";

const folder = mkdtempSync(join(tmpdir(), "swarm-docker-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("§5 configuration", () => {
  const site = usePlugin();

  test("§5 host, context, DOCKER_HOST: each connects to the daemon", async () => {
    const { docker, start } = site();
    const id = createHash("sha256").update("there").digest("hex");
    mkdirSync(join(folder, "contexts/meta", id), { recursive: true });
    const context = { Name: "there", Endpoints: { docker: { Host: docker.url } } };
    writeFileSync(join(folder, "contexts/meta", id, "meta.json"), JSON.stringify(context));
    const ways = [
      await start({ host: docker.url }),
      await start({ host: "unix:///nowhere", context: "there" }, { env: { DOCKER_CONFIG: folder } }),
      await start({ host: "" }, { env: { DOCKER_HOST: docker.url } }),
      await start({ host: "" }, { env: { DOCKER_CONFIG: folder, DOCKER_CONTEXT: "there" } }),
    ];
    for (const [index, plugin] of ways.entries()) {
      const kept = await plugin.create(urns.volume(`way-${index}`), { name: `way-${index}` });
      await plugin.delete(kept);
    }
    await expect(start({ context: "none" })).rejects.toThrow("there is no docker context none");
  });

  test("§5 arguments, functions: unsupported ones are refused with a message", async () => {
    const { plugin, start } = site();
    expect(await plugin.version()).toBe("5.2.0");
    await expect(start({ caMaterial: "PEM" })).rejects.toThrow("the offline docker plugin does not have caMaterial");
    await expect(plugin.invoke("docker:index/getNetwork:getNetwork")).rejects.toThrow("need the official plugin");
    await expect(plugin.check(urns.volume("x").replaceAll("volume:Volume", "secret:Secret"), {})).rejects.toThrow(
      "has no resource docker:index/secret:Secret",
    );
  });

  test("§5 no daemon: previews work without one, other calls report the address", async () => {
    const plugin = await Plugin.start({ host: "unix:///nowhere/docker.sock" }, { name: "docker" });
    try {
      const inputs = { ...sleeper("none"), image: unknownValue, envs: [unknownValue] };
      const previewed = await plugin.create(urns.container("none"), inputs, { preview: true });
      expect(previewed.outputs).toMatchObject({ mustRun: true, hostname: unknownValue, networkDatas: unknownValue });
      const kept = { ...previewed, id: "1", outputs: { ...previewed.outputs, image: "sha256:1" } };
      expect((await plugin.diff(kept, inputs)).changes).toMatchObject({ image: "update-replace" });
      expect((await plugin.update(kept, inputs, { preview: true })).outputs).toMatchObject({ image: unknownValue });
      const words = "the docker daemon on unix:///nowhere/docker.sock does not answer";
      await expect(plugin.create(urns.volume("none"), { name: "none" })).rejects.toThrow(words);
      await expect(plugin.read(kept)).rejects.toThrow(words);
      await expect(plugin.delete(kept)).rejects.toThrow(words);
    } finally {
      await plugin.stop();
    }
  });
});

describe("§5 daemon", () => {
  const site = usePlugin({ diskMegabytes: 24 });

  test("§5 restart: resources and their data survive, without a change", async () => {
    const { plugin, docker } = site();
    const volume = await plugin.create(urns.volume("kept"), { name: "kept" });
    const inputs = sleeper("kept", {
      restart: "always",
      command: ["sh", "-c", "echo run >>/data/runs; exec sleep 3600"],
      mounts: [{ type: "volume", source: "kept", target: "/data" }],
    });
    const kept = await plugin.create(urns.container("kept"), inputs);
    await docker.kill();
    await expect(plugin.read(kept)).rejects.toThrow("does not answer");
    await docker.restart();
    const seen = await until("it runs again", async () => {
      const read = await plugin.read(kept);
      return read?.outputs.mustRun === true && read;
    });
    expect((await plugin.diff(seen, inputs)).changes).toEqual({});
    const exec = await docker.client
      .getContainer(kept.id)
      .exec({ Cmd: ["wc", "-l", "/data/runs"], AttachStdout: true, Tty: true });
    const stream = await exec.start({ Tty: true });
    let said = "";
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    await new Promise((resolve) => stream.on("end", resolve));
    expect(said).toMatch(/^2 /);
    await plugin.delete(seen);
    await plugin.delete(volume);
  });

  test("§5 disk full: reported; nothing is lost, and the next run succeeds", async () => {
    const { plugin, docker } = site();
    const { client } = docker;
    const before = await plugin.create(urns.container("before"), sleeper("before"));
    const filler = await client.createContainer({
      name: "filler",
      Image: "busybox:1",
      // Large blocks first, then small ones, until the disk is full.
      Cmd: ["sh", "-c", "dd if=/dev/zero of=/big bs=64k; dd if=/dev/zero of=/small bs=1k"],
      HostConfig: { LogConfig: { Type: "none", Config: {} } },
    });
    await filler.start();
    await filler.wait();
    const inputs = sleeper("after", { uploads: [{ file: "/etc/big", content: "x".repeat(1024 ** 2) }] });
    const failure = (await plugin.create(urns.container("after"), inputs).catch((error: unknown) => error)) as NotLive;
    expect(failure.message).toMatch(/container after.*no space left on device/);
    expect((await plugin.read(before))?.outputs.mustRun).toBe(true);

    await filler.remove({ force: true });
    const after = await plugin.create(urns.container("after"), inputs);
    expect(after.outputs.mustRun).toBe(true);
    for (const each of [before, after]) await plugin.delete(each);
  });
});
