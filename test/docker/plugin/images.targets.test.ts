import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { importBusybox } from "../../../tools/docker/busybox.ts";
import { pushToRegistry } from "../support/push.ts";
import { sleeper, urns, usePlugin } from "./support/site.ts";

const site = usePlugin({ registry: true });

/** Pushes an image with a file of this content to the registry, and removes its name from the host. */
async function push(name: string, content: string): Promise<{ id: string; digest: string }> {
  const { docker } = site();
  const full = `${docker.registry}/${name}`;
  const id = await importBusybox(docker, full, { "etc/content": content });
  return { id, digest: await pushToRegistry(docker, full) };
}

const isHere = async (name: string) =>
  (await site()
    .docker.client.getImage(name)
    .inspect()
    .catch(() => undefined)) !== undefined;

const idOf = async (name: string) => (await site().docker.client.getImage(name).inspect()).Id;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder with these files. */
function scratch(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "swarm-build-"));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

async function outputOf(image: string, command: readonly string[]): Promise<string> {
  const { client } = site().docker;
  const container = await client.createContainer({ Image: image, Cmd: [...command], Tty: true });
  try {
    await container.start();
    await container.wait();
    return (await container.logs({ stdout: true })).toString().replaceAll("\r", "");
  } finally {
    await container.remove({ force: true });
  }
}

test("§4 image: pulled if it is missing, by tag and by digest; kept, or removed with the resource", async () => {
  const { plugin, docker } = site();
  const { id, digest } = await push("life:1", "1");
  const name = `${docker.registry}/life:1`;
  const kept = await plugin.create(urns.image("life"), { name });
  expect(kept.id).toBe(`${id}${name}`);
  expect(kept.outputs).toEqual({ name, imageId: id, repoDigest: `${docker.registry}/life@${digest}` });
  expect((await plugin.diff(kept, { name })).changes).toEqual({});
  expect((await plugin.read(kept))?.outputs).toEqual(kept.outputs);
  await plugin.delete(kept);
  expect(await isHere(name)).toBe(false);

  const pinned = await plugin.create(urns.image("pinned"), {
    name: `${docker.registry}/life@${digest}`,
    keepLocally: true,
  });
  expect(pinned.outputs.imageId).toBe(id);
  await plugin.delete(pinned);
  expect(await isHere(id)).toBe(true);
  const byId = await plugin.create(urns.image("by-id"), { name: id, keepLocally: true });
  expect(byId.outputs).toMatchObject({ imageId: id, repoDigest: "" });
});

test("§4 image: one that is neither on the host nor in its registry is reported with the registry's message", async () => {
  const { plugin, docker } = site();
  const name = `${docker.registry}/none:1`;
  await expect(plugin.create(urns.image("none"), { name })).rejects.toThrow(
    new RegExp(`image ${name} is not on the docker host and cannot be pulled: .*not found`),
  );
  await expect(plugin.create(urns.container("none"), { ...sleeper("none"), image: "none:1" })).rejects.toThrow(
    "container none cannot be created: No such image: none:1",
  );
});

test("§4 moved tag: a refresh detects it by its digest, an update pulls it, and the container is replaced", async () => {
  const { plugin, docker } = site();
  const name = `${docker.registry}/moved:1`;
  const first = await push("moved:1", "1");
  const kept = await plugin.create(urns.image("moved"), { name, keepLocally: true });
  const { client } = docker;
  await client.getImage(name).tag({ repo: "stays", tag: "1" });
  const second = await push("moved:1", "2");
  await client.getImage("stays:1").tag({ repo: `${docker.registry}/moved`, tag: "1" });
  await client.pull(`${docker.registry}/moved@${first.digest}`);

  const seen = await plugin.read(kept);
  if (seen === undefined) throw new Error("the image is here");
  const moved = `${docker.registry}/moved@${second.digest}`;
  expect(seen.outputs).toMatchObject({ imageId: "", repoDigest: moved });
  expect(plugin.messages(kept.urn).join()).toContain(`is another image in its registry now: ${moved}`);
  expect((await plugin.diff(seen, kept.inputs)).changes).toEqual({ repoDigest: "update" });
  const updated = await plugin.update(seen, kept.inputs);
  expect(updated.outputs).toMatchObject({ imageId: second.id, repoDigest: moved });
});

test("§4 build: an image from a folder, without the files in .dockerignore; rebuilt only for changed content", async () => {
  const { plugin, docker } = site();
  const folder = scratch({
    Dockerfile: 'FROM busybox:1\nCOPY . /files\nRUN ["sh", "-c", "ls /files > /listed"]\n',
    ".dockerignore": "*.log\nsecret\n",
    "a.txt": "1",
    "b.log": "1",
    "secret/key": "1",
  });
  const inputs = (content: string, context = folder) => ({ name: "built", build: { context }, triggers: { content } });
  const first = await plugin.create(urns.image("built"), inputs("1"));
  expect(first.outputs).toMatchObject({ ...inputs("1"), imageId: await idOf("built"), repoDigest: "" });
  expect(await outputOf("built", ["cat", "/listed"])).toBe("Dockerfile\na.txt\n");
  expect((await plugin.diff(first, inputs("1"))).changes).toEqual({});
  expect((await plugin.diff(first, inputs("1", "/elsewhere"))).changes).toEqual({});
  expect((await plugin.read(first))?.outputs).toEqual(first.outputs);

  writeFileSync(join(folder, "a.txt"), "2");
  expect((await plugin.diff(first, inputs("2"))).changes).toEqual({ "triggers.content": "update" });
  const second = await plugin.update(first, inputs("2"));
  expect(second.outputs.imageId).toBe(await idOf("built"));
  expect(second.outputs.imageId).not.toBe(first.outputs.imageId);
  expect(await isHere(String(first.outputs.imageId))).toBe(false);
  await docker.client.getImage("built").remove();
  expect(await plugin.read(second)).toBeUndefined();
});

test("§4 build: a failed build is reported with the output of its step; the previous image stays", async () => {
  const { plugin } = site();
  const folder = scratch({ Dockerfile: "FROM busybox:1\n" });
  const inputs = { name: "fails", build: { context: folder }, triggers: { content: "1" } };
  const kept = await plugin.create(urns.image("fails"), inputs);
  writeFileSync(join(folder, "Dockerfile"), 'FROM busybox:1\nRUN ["sh", "-c", "echo no room; exit 3"]\n');
  await expect(plugin.update(kept, { ...inputs, triggers: { content: "2" } })).rejects.toThrow(
    /image fails cannot be built from .*returned a non-zero code: 3; its last output:[\s\S]*no room/,
  );
  expect(await idOf("fails")).toBe(kept.outputs.imageId);
  await expect(
    plugin.create(urns.image("none"), { name: "none", build: { context: join(folder, "none") } }),
  ).rejects.toThrow(`there is no Dockerfile in ${join(folder, "none")}`);
});

test("§4 pullTriggers: an image on the host with this digest is used, else it is pulled", async () => {
  const { plugin, docker } = site();
  const name = `${docker.registry}/trigger:1`;
  const first = await push("trigger:1", "1");
  const kept = await plugin.create(urns.image("trigger"), { name, keepLocally: true, pullTriggers: [first.digest] });
  const second = await push("trigger:1", "2");
  await docker.client.getImage(first.id).tag({ repo: `${docker.registry}/trigger`, tag: "1" });
  const next = { name, keepLocally: true, pullTriggers: [second.digest] };
  expect((await plugin.diff(kept, next)).changes).toEqual({ "pullTriggers[0]": "update-replace" });
  expect((await plugin.create(urns.image("trigger"), next)).outputs.imageId).toBe(second.id);
});
