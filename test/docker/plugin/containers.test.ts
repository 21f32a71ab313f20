import { expect, test } from "vitest";
import type { NotLive } from "../../kubernetes/plugin/support/plugin.ts";
import { image, sleeper, urns, usePlugin } from "./support/site.ts";

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

test("§1 wait: an unhealthy container is told with what its check said", async () => {
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
  expect(image).toBe("busybox:1");
});
