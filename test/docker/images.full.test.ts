import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgentRow } from "../../src/cli/clusters.ts";
import { importBusybox } from "../../tools/docker/busybox.ts";
import { up } from "../support/cluster.ts";
import { Sandbox } from "../support/sandbox.ts";
import { useDocker } from "../support/servers/docker.ts";
import { agentOnly } from "../support/servers/docker-images.ts";
import { pushToRegistry } from "./support/push.ts";

const docker = useDocker({ registry: true }, agentOnly);
let sandbox: Sandbox;

beforeAll(() => {
  sandbox = new Sandbox({ DOCKER_HOST: docker().url });
});
afterAll(async () => {
  for (const cluster of ["built", "tagged"]) await sandbox?.run(["down", cluster, "--yes", "--if-present"]);
  await sandbox?.dispose();
});

/** A cluster of two workers with this image, and the built-in agent. */
const blueprint = (id: string, image: string) =>
  sandbox.write(
    `${id}.yaml`,
    `metadata: { id: ${id}, name: Test Team, version: 1.0.0 }
cluster: { type: standard, min_workers: 1, max_workers: 5, target: docker }
agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [coordination] }
  - role: worker
    name: Worker
    count: 2
    reports_to: supervisor
    capabilities: [work]
    drain: 1 second
    image: ${image}
    command: [sleep, infinity]
`,
  );

interface Plan {
  readonly steps: readonly {
    readonly op: string;
    readonly name: string;
    readonly changes: readonly { readonly path: string; readonly old: unknown; readonly new: unknown }[];
    readonly drift: Plan["steps"][number]["changes"];
  }[];
}

async function planOf(file: string): Promise<Plan & { readonly status: number | null }> {
  const { status, stdout } = await sandbox.run(["plan", file, "--json"]);
  return { ...(JSON.parse(stdout) as Plan), status };
}

async function startedAt(cluster: string): Promise<Record<string, string | undefined>> {
  const { agents } = await sandbox.json<{ agents: AgentRow[] }>(["agents", cluster]);
  return Object.fromEntries(agents.map(({ instance, startedAt: at }) => [instance, at]));
}

async function told(cluster: string): Promise<string> {
  const { stdout } = await sandbox.run(["exec", "--cluster", cluster, "worker-1", "cat", "/told"]);
  return stdout.trim();
}

const replacedWorkers = ["worker-0", "worker-1"].map((instance) =>
  expect.objectContaining({
    ...{ op: "replace", name: expect.stringContaining(instance) },
    changes: [{ path: "image", old: expect.stringMatching(/^sha256:/), new: "[unknown]" }],
  }),
);

test("an image is built from a folder; changed content replaces exactly its containers, with a message; equal content changes nothing", async () => {
  mkdirSync(join(sandbox.home, "worker"));
  sandbox.write("worker/Dockerfile", "FROM swarmstack/agent:0.1.0\nCOPY told /told\n");
  sandbox.write("worker/.dockerignore", "*.log\n");
  sandbox.write("worker/told", "first");
  const file = blueprint("built", "{ build: ./worker }");
  await up(sandbox, [file]);
  expect(await told("built")).toBe("first");

  sandbox.write("worker/of-no-interest.log", "x");
  expect(await planOf(file)).toMatchObject({ status: 0, steps: [] });
  const before = await startedAt("built");
  expect(Object.keys((await up(sandbox, [file])).changes)).toEqual(["same"]);

  sandbox.write("worker/told", "second");
  const plan = await planOf(file);
  expect(plan.status).toBe(2);
  expect(plan.steps).toHaveLength(3);
  expect(plan.steps).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        ...{ op: "update", name: expect.stringMatching(/^built--image-/) },
        changes: [{ path: "triggers.content", old: expect.any(String), new: expect.any(String) }],
      }),
      ...replacedWorkers,
    ]),
  );
  expect((await up(sandbox, [file])).changes).toMatchObject({ update: 1, replace: 2 });
  expect(await told("built")).toBe("second");
  const after = await startedAt("built");
  expect(after["boss-0"]).toBe(before["boss-0"]);
  expect(after["worker-0"]).not.toBe(before["worker-0"]);
  expect(Object.keys((await up(sandbox, [file])).changes)).toEqual(["same"]);
});

test("a folder without a Dockerfile, and a build that fails, are reported; running containers are kept", async () => {
  const before = await startedAt("built");
  const without = await sandbox.run(["plan", blueprint("without", "{ build: ./nowhere }")]);
  expect(without).toMatchObject({ status: 1, stderr: expect.stringMatching(/there is no Dockerfile in .*nowhere/) });
  sandbox.write("worker/told", "third");
  sandbox.write("worker/Dockerfile", "FROM swarmstack/agent:0.1.0\nCOPY missing /told\n");
  const failed = await sandbox.run(["up", blueprint("built", "{ build: ./worker }")]);
  expect(failed).toMatchObject({ status: 1, stderr: expect.stringMatching(/cannot be built from .*missing/) });
  expect(await startedAt("built")).toEqual(before);
});

test("a moved tag is detected by its digest, and its containers are replaced; an unmoved one changes nothing", async () => {
  const name = `${docker().registry}/worker:1`;
  const push = async (content: string) => {
    await importBusybox(docker(), name, { told: content });
    return pushToRegistry(docker(), name);
  };
  const first = await push("first");
  const file = blueprint("tagged", name);
  await up(sandbox, [file]);
  expect(await told("tagged")).toBe("first");
  expect(await planOf(file)).toMatchObject({ status: 0, steps: [] });
  const before = await startedAt("tagged");

  const second = await push("second");
  // The host still has the image it pulled.
  await docker().client.pull(`${docker().registry}/worker@${first}`);
  await docker()
    .client.getImage(`${docker().registry}/worker@${first}`)
    .tag({ repo: `${docker().registry}/worker`, tag: "1" });
  const plan = await planOf(file);
  expect(plan.status).toBe(2);
  const [old, now] = [first, second].map((digest) => `${docker().registry}/worker@${digest}`);
  expect(plan.steps).toHaveLength(3);
  expect(plan.steps).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ op: "update", changes: [], drift: [{ path: "repoDigest", old, new: now }] }),
      ...replacedWorkers,
    ]),
  );
  const { stdout } = await sandbox.run(["plan", file]);
  expect(stdout).toContain(`not as recorded: repoDigest "${old}" -> "${now}"`);
  expect((await up(sandbox, [file])).changes).toMatchObject({ update: 1, replace: 2 });
  expect(await told("tagged")).toBe("second");
  expect((await startedAt("tagged"))["boss-0"]).toBe(before["boss-0"]);
  expect(Object.keys((await up(sandbox, [file])).changes)).toEqual(["same"]);
});
