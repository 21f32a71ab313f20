import { expect, test } from "vitest";
import { importBusybox } from "../../../tools/docker/busybox.ts";
import { sleeper, urns, usePlugin } from "./support/site.ts";

const site = usePlugin({ registry: true });

/** Puts an image with a file of this content into the registry, under a name that is not here afterwards. */
async function push(name: string, content: string): Promise<{ id: string; digest: string }> {
  const { docker } = site();
  const { client } = docker;
  const full = `${docker.registry}/${name}`;
  const id = await importBusybox(docker, full, { "etc/content": content });
  const stream = await client.getImage(full).push({ authconfig: {} });
  await new Promise<void>((resolve, reject) =>
    client.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error))),
  );
  const { RepoDigests } = await client.getImage(full).inspect();
  await client.getImage(full).remove({ force: true });
  return { id, digest: RepoDigests[0]?.split("@")[1] ?? "" };
}

const isHere = async (name: string) =>
  (await site()
    .docker.client.getImage(name)
    .inspect()
    .catch(() => undefined)) !== undefined;

test("§4 image: pulled where it is not here, by tag and by digest; kept, or removed with the resource", async () => {
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

test("§4 image: one that is neither here nor in its registry is told in the registry's words", async () => {
  const { plugin, docker } = site();
  const name = `${docker.registry}/none:1`;
  await expect(plugin.create(urns.image("none"), { name })).rejects.toThrow(
    new RegExp(`image ${name} is not on the docker host and cannot be pulled: .*not found`),
  );
  await expect(plugin.create(urns.container("none"), { ...sleeper("none"), image: "none:1" })).rejects.toThrow(
    "container none cannot be made: No such image: none:1",
  );
});

test("§4 moved tag: a refresh sees it by its digest, an update pulls it, and the container is made anew", async () => {
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
  expect(seen.outputs.imageId).toBe("");
  expect(plugin.messages(kept.urn).join()).toContain(`is another image in its registry now: ${second.digest}`);
  expect((await plugin.diff(seen, kept.inputs)).changes).toEqual({ imageId: "update" });
  const updated = await plugin.update(seen, kept.inputs);
  expect(updated.outputs).toMatchObject({
    imageId: second.id,
    repoDigest: `${docker.registry}/moved@${second.digest}`,
  });
});

test("§4 pullTriggers: what is here and has the digest is taken, else it is pulled", async () => {
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
