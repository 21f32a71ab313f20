import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgentRow } from "../../src/cli/clusters.ts";
import { findDocker } from "../../src/docker-host/address.ts";
import { requireImages } from "../../src/docker-host/images.ts";
import { runningInstances, up } from "../support/cluster.ts";
import { Sandbox } from "../support/sandbox.ts";
import { useDocker } from "../support/servers/docker.ts";
import { agentOnly } from "../support/servers/docker-images.ts";
import { containersOf, volumesOf } from "../support/targets/docker-objects.ts";

const docker = useDocker({}, agentOnly);
const secret = "a-value-that-nobody-else-sees";
let sandbox: Sandbox;

beforeAll(() => {
  sandbox = new Sandbox({ DOCKER_HOST: docker().url, TEST_TOKEN: secret });
});
afterAll(() => sandbox?.dispose());

const blueprint = (workers: string) =>
  sandbox.write(
    "team.yaml",
    `metadata: { id: team, name: Test Team, version: 1.0.0 }
cluster: { type: standard, min_workers: 1, max_workers: 20, target: docker }
secrets: { TOKEN: { env: TEST_TOKEN } }
agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [coordination] }
  - role: worker
    name: Worker
    count: ${workers}
    reports_to: supervisor
    capabilities: [work]
    drain: 5 seconds
    state: { size: 1Gi, path: /data }
    secrets: [TOKEN]
`,
  );

async function inInstance(instance: string, script: string): Promise<string> {
  const { status, stdout, stderr } = await sandbox.run(["exec", instance, "sh", "-c", script]);
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

async function startedAt(): Promise<Record<string, string | undefined>> {
  const { agents } = await sandbox.json<{ agents: AgentRow[] }>(["agents", "team"]);
  return Object.fromEntries(agents.map((agent) => [agent.instance, agent.startedAt]));
}

test("no container has rights, folders of the host, ports or secrets for whoever looks at it; agents have their secrets", async () => {
  await up(sandbox, [blueprint("1-4"), "--target-workers", "3"]);
  const found = await containersOf(docker(), "team");
  for (const { Name, HostConfig, Config, Mounts } of found) {
    const { Privileged, CapAdd, CapDrop, ReadonlyRootfs, SecurityOpt, PidMode, NetworkMode, PortBindings } = HostConfig;
    const isDataSeed = Config.Labels["swarmstack.dev/instance"] === undefined && !Name.endsWith("--api");
    expect({ Name, Privileged, CapAdd, PidMode, ports: PortBindings ?? {} }).toEqual({
      ...{ Name, Privileged: false, CapAdd: null, PidMode: "", ports: {} },
    });
    expect(Mounts.map(({ Type }) => Type).filter((type) => type !== "volume")).toEqual([]);
    if (isDataSeed) expect(NetworkMode).toBe("none");
    else {
      expect({ CapDrop, ReadonlyRootfs, SecurityOpt, user: Config.User }).toEqual({
        ...{ CapDrop: ["ALL"], ReadonlyRootfs: true, SecurityOpt: ["no-new-privileges:true"], user: "10001:10001" },
      });
    }
  }
  const token = await inInstance("worker-0", 'cat "$SWARM_TOKEN_FILE"');
  expect(token).toMatch(/^swa1\./);
  const shown = JSON.stringify(found);
  expect([secret, Buffer.from(secret).toString("base64"), token].filter((one) => shown.includes(one))).toEqual([]);
  expect(await inInstance("worker-0", 'stat -c "%a %u" "$SWARM_TOKEN_FILE"')).toBe("600 10001");
  const environments = 'cat /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n"';
  expect(await inInstance("worker-0", environments)).toContain(`TOKEN=${secret}`);
  expect(await inInstance("boss-0", environments)).not.toContain(secret);
});

test("a container that was killed or removed by hand is drift, and comes back with its state; the others go on", async () => {
  const before = await startedAt();
  await inInstance("worker-0", "touch /data/kept");
  const { client } = docker();
  const byHand = {
    killed: () => client.getContainer("team-worker-0").kill(),
    removed: () => client.getContainer("team-worker-0").remove({ force: true }),
  };
  for (const [what, act] of Object.entries(byHand)) {
    await act();
    const plan = await sandbox.run(["plan", blueprint("1-4")]);
    expect(plan, what).toMatchObject({ status: 2, stdout: expect.stringMatching(/[+~] +team-worker-0 +Container/) });
    expect((await up(sandbox, [blueprint("1-4")])).changes, what).toMatchObject(
      what === "killed" ? { update: 1 } : { create: 1 },
    );
    expect(await runningInstances(sandbox, "team")).toEqual(["boss-0", "worker-0", "worker-1"]);
    expect(await inInstance("worker-0", "ls /data")).toContain("kept");
  }
  const { "worker-0": _, ...others } = await startedAt();
  expect(before).toMatchObject(others);
});

test("fewer workers: the volumes of those that go stay", async () => {
  const volumes = await volumesOf(docker(), "team");
  await up(sandbox, [blueprint("1-4"), "--target-workers", "2"]);
  expect(await runningInstances(sandbox, "team")).toEqual(["boss-0", "worker-0"]);
  expect(await volumesOf(docker(), "team")).toEqual(volumes);
});

test("images that are not there are named with what makes them; a silent daemon is told of; down leaves nothing", async () => {
  await expect(requireImages(findDocker(docker().url, {}), ["swarmstack/none:1"])).rejects.toMatchObject({
    code: "SW615",
    hints: [expect.stringContaining("swarmctl images build")],
  });
  const elsewhere = await sandbox.run(["up", blueprint("1-4")], { DOCKER_HOST: "unix:///nowhere/docker.sock" });
  expect(elsewhere).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("the docker daemon on unix:///nowhere/docker.sock does not answer"),
  });
  expect((await sandbox.run(["down", "team", "--yes"])).status).toBe(0);
  expect(await containersOf(docker(), "team")).toEqual([]);
  expect(await volumesOf(docker(), "team")).toEqual([]);
  const networks = await docker().client.listNetworks({ filters: { label: ["swarmstack.dev/cluster=team"] } });
  expect(networks).toEqual([]);
});
