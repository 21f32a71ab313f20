import { expect, test } from "vitest";
import { until } from "../../support/sandbox.ts";
import { sleeper, urns, usePlugin } from "./support/site.ts";

const site = usePlugin();

test("§2 network: its lifecycle, and outputs that only the daemon knows", async () => {
  const { plugin, docker } = site();
  const inputs = { name: "net", driver: "bridge", internal: true, labels: [{ label: "a", value: "1" }] };
  const kept = await plugin.create(urns.network("net"), inputs);
  expect(kept.outputs).toMatchObject({
    ...inputs,
    scope: "local",
    ipamConfigs: [{ subnet: expect.stringMatching(/^172\./) }],
  });
  const live = await docker.client.getNetwork(kept.id).inspect();
  expect(live).toMatchObject({ Internal: true, Labels: { a: "1", "swarmstack.dev/owner": `${kept.urn} provider-1` } });
  expect((await plugin.diff(kept, inputs)).changes).toEqual({});
  expect((await plugin.read(kept))?.outputs).toEqual(kept.outputs);
  expect(await plugin.diff(kept, { ...inputs, internal: false })).toEqual({
    changes: { internal: "update-replace" },
    deleteBeforeReplace: true,
  });
  await plugin.delete(kept);
  expect(await plugin.read(kept)).toBeUndefined();
});

test("§2 network: a container joins several with aliases, and leaves the default one; its name resolves", async () => {
  const { plugin, docker, inspect } = site();
  const networks = await Promise.all(
    ["one", "two"].map((name) => plugin.create(urns.network(name), { name, driver: "bridge" })),
  );
  const inputs = sleeper("member", { networksAdvanced: [{ name: "one", aliases: ["alias"] }, { name: "two" }] });
  const kept = await plugin.create(urns.container("member"), inputs);
  const joined = (await inspect("member"))?.NetworkSettings.Networks ?? {};
  expect(Object.keys(joined).toSorted()).toEqual(["one", "two"]);
  expect(joined.one?.Aliases).toContain("alias");
  expect(kept.outputs.networkDatas).toHaveLength(2);
  const other = await plugin.create(urns.container("other"), sleeper("other", { networksAdvanced: [{ name: "one" }] }));
  const exec = await docker.client.getContainer(other.id).exec({ Cmd: ["ping", "-c", "1", "alias"] });
  const stream = await exec.start({});
  await new Promise((resolve) => stream.on("end", resolve).resume());
  // The daemon ends the stream before it records the exit code.
  const status = await until("ping has ended", async () => (await exec.inspect()).ExitCode ?? undefined);
  expect(status).toBe(0);
  expect(await plugin.diff(kept, { ...inputs, networksAdvanced: [{ name: "two" }, { name: "one" }] })).toMatchObject({
    changes: { "networksAdvanced[1]": "add-replace", "networksAdvanced[0]": "delete-replace" },
  });
  for (const each of [kept, other, ...networks]) await plugin.delete(each);
});

test("§2 volume: its lifecycle, and outputs that only the daemon knows", async () => {
  const { plugin, docker } = site();
  const inputs = { name: "data", labels: [{ label: "a", value: "1" }] };
  const kept = await plugin.create(urns.volume("data"), inputs);
  expect(kept.id).toBe("data");
  expect(kept.outputs).toMatchObject({ ...inputs, driver: "local", mountpoint: expect.stringMatching(/data\/_data$/) });
  expect((await plugin.diff(kept, inputs)).changes).toEqual({});
  expect((await plugin.read(kept))?.outputs).toEqual(kept.outputs);
  expect((await plugin.diff(kept, { ...inputs, driver: "other" })).changes).toEqual({ driver: "update-replace" });
  await plugin.delete(kept);
  expect((await docker.client.listVolumes()).Volumes?.map(({ Name }) => Name)).not.toContain("data");
});

test("§3 owner: leftovers of a killed run are adopted, objects of another stack are refused with their owner", async () => {
  const { plugin, start } = site();
  const made = [
    await plugin.create(urns.volume("mine"), { name: "mine" }),
    await plugin.create(urns.network("mine"), { name: "mine" }),
    await plugin.create(urns.container("mine"), sleeper("mine")),
  ];
  expect((await plugin.create(urns.volume("mine"), { name: "mine" })).id).toBe(made[0]?.id);
  expect((await plugin.create(urns.network("mine"), { name: "mine" })).id).toBe(made[1]?.id);
  expect((await plugin.create(urns.container("mine"), sleeper("mine"))).id).toBe(made[2]?.id);

  const other = await start({}, { id: "provider-2" });
  const owner = (type: string) =>
    `already exists: it belongs to stack dev of project plugin-test (resource mine, docker:index/${type})`;
  await expect(other.create(urns.volume("mine"), { name: "mine" })).rejects.toThrow(
    `volume mine ${owner("volume:Volume")}`,
  );
  await expect(other.create(urns.network("mine"), { name: "mine" })).rejects.toThrow(
    `network mine ${owner("network:Network")}`,
  );
  await expect(other.create(urns.container("mine"), sleeper("mine"))).rejects.toThrow(
    `container mine ${owner("container:Container")}`,
  );
  for (const each of made.toReversed()) await plugin.delete(each);
});

test("§3 owner: objects without a stack are refused too, and a volume with a new owner is left alone", async () => {
  const { plugin, docker, start } = site();
  await docker.client.createVolume({ Name: "by-hand" });
  await expect(plugin.create(urns.volume("by-hand"), { name: "by-hand" })).rejects.toThrow(
    "volume by-hand already exists: it belongs to no stack and was created by hand or by another program",
  );
  const first = await plugin.create(urns.volume("passed"), { name: "passed" });
  await docker.client.getVolume("passed").remove();
  const other = await start({}, { id: "provider-2" });
  const second = await other.create(urns.volume("passed", "prod"), { name: "passed" });
  expect(await plugin.read(first)).toBeUndefined();
  await plugin.delete(first);
  expect(plugin.messages(first.urn).join("\n")).toContain("left alone, as the recorded volume is gone");
  expect(await other.read(second)).toBeDefined();
});

test("§3 owner: a half-created container is completed; one with outdated inputs is replaced", async () => {
  const { plugin, docker, inspect } = site();
  const inputs = sleeper("half", { networksAdvanced: [{ name: "half" }], envs: ["A=1"] });
  const network = await plugin.create(urns.network("half"), { name: "half" });
  const kept = await plugin.create(urns.container("half"), inputs);
  // The state after a run that was killed after its first call.
  await docker.client.getContainer("half").stop({ t: 0 });
  await docker.client.getNetwork("half").disconnect({ Container: kept.id });
  const again = await plugin.create(urns.container("half"), inputs);
  expect(again.id).toBe(kept.id);
  const live = await inspect("half");
  expect(live?.State.Running).toBe(true);
  expect(Object.keys(live?.NetworkSettings.Networks ?? {})).toEqual(["half"]);

  const anew = await plugin.create(urns.container("half"), { ...inputs, envs: ["A=2"] });
  expect(anew.id).not.toBe(kept.id);
  expect((await inspect("half"))?.Config.Env).toContain("A=2");
  await plugin.delete(anew);
  await plugin.delete(network);
});
