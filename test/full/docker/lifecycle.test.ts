import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgentRow } from "../../../src/cli/clusters.ts";
import { findDocker } from "../../../src/docker-host/address.ts";
import { requireImages } from "../../../src/docker-host/images.ts";
import { containersOf, kindsOf, volumesOf } from "../../docker/support/host.ts";
import { agentOnly } from "../../docker/support/our-images.ts";
import { runningInstances, up } from "../../support/cluster.ts";
import { useDocker } from "../../support/docker.ts";
import { Sandbox, until } from "../../support/sandbox.ts";

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
const three = ["boss-0", "worker-0", "worker-1"];

async function inInstance(instance: string, script: string): Promise<string> {
  const { status, stdout, stderr } = await sandbox.run(["exec", instance, "sh", "-c", script]);
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

async function startedAt(): Promise<Record<string, string | undefined>> {
  const { agents } = await sandbox.json<{ agents: AgentRow[] }>(["agents", "team"]);
  return Object.fromEntries(agents.map((agent) => [agent.instance, agent.startedAt]));
}

test("up starts a container for each instance; again it changes nothing", async () => {
  await up(sandbox, [blueprint("1-4"), "--target-workers", "3"]);
  expect(await runningInstances(sandbox, "team")).toEqual(three);
  expect(Object.keys((await up(sandbox, [blueprint("1-4")])).changes)).toEqual(["same"]);
  expect(await sandbox.json(["status", "team"])).toMatchObject({ state: "running", running: 3, wanted: 3 });
});

test("a task is answered, and the events tell of it", async () => {
  const task = ["task", "add", '{"skill":"sum","numbers":[20,22]}', "--capability", "work", "--wait", "1m"];
  expect(await sandbox.json(task)).toMatchObject({ state: "done", result: { value: 42 } });
  const { stdout } = await sandbox.run(["events", "team", "--json"]);
  expect(kindsOf(stdout)).toEqual(expect.arrayContaining(["instance.registered", "task.leased", "task.done"]));
});

test("exec: environment of the instance, output, exit status; logs: what it wrote", async () => {
  const script = 'echo "$SWARM_INSTANCE $SWARM_ROLE"; touch /data/kept; echo no >&2; exit 7';
  const ran = await sandbox.run(["exec", "worker-0", "sh", "-c", script]);
  expect(ran).toMatchObject({ status: 7, stdout: "worker-0 worker\n", stderr: "no\n" });
  expect((await sandbox.run(["exec", "worker-0", "no-such-program"])).stderr).toContain("cannot be started");
  expect((await sandbox.run(["exec", "nobody", "true"])).stderr).toContain("SW705");
  const { logs } = await sandbox.json<{ logs: { instance: string; lines: string[] }[] }>(["logs", "worker"]);
  for (const { instance, lines } of logs) expect(lines.join("\n")).toContain(`${instance}: alive as worker of team`);
});

test("no container has rights, folders of the host, ports or secrets for whoever looks at it; agents have their secrets", async () => {
  const found = await containersOf(docker(), "team");
  for (const { Name, HostConfig, Config, Mounts } of found) {
    const { Privileged, CapAdd, CapDrop, ReadonlyRootfs, SecurityOpt, PidMode, NetworkMode, PortBindings } = HostConfig;
    const isCarrier = Config.Labels["swarmstack.dev/instance"] === undefined && !Name.endsWith("--api");
    expect({ Name, Privileged, CapAdd, PidMode, ports: PortBindings ?? {} }).toEqual({
      ...{ Name, Privileged: false, CapAdd: null, PidMode: "", ports: {} },
    });
    expect(Mounts.map(({ Type }) => Type).filter((type) => type !== "volume")).toEqual([]);
    if (isCarrier) expect(NetworkMode).toBe("none");
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

test("a killed process comes back by itself; a container that was removed is drift, and comes back with its state", async () => {
  const before = await startedAt();
  await sandbox.run(["exec", "worker-1", "kill", "-9", "-1"]);
  await until("worker-1 was started again", async () => {
    const { agents } = await sandbox.json<{ agents: AgentRow[] }>(["agents", "team"]);
    return agents.some(
      ({ instance, state, restarts }) => instance === "worker-1" && state === "running" && restarts === 1,
    );
  });
  await docker().client.getContainer("team-worker-0").remove({ force: true });
  const plan = await sandbox.run(["plan", blueprint("1-4")]);
  expect(plan).toMatchObject({ status: 2, stdout: expect.stringMatching(/\+ +team-worker-0 +Container/) });
  expect((await up(sandbox, [blueprint("1-4")])).changes).toMatchObject({ create: 1 });
  expect(await runningInstances(sandbox, "team")).toEqual(three);
  expect(await inInstance("worker-0", "ls /data")).toContain("kept");
  expect((await startedAt())["boss-0"]).toBe(before["boss-0"]);
});

test("fewer workers: exactly the last ones go, the others are not touched, and their volumes stay", async () => {
  const before = await startedAt();
  const volumes = await volumesOf(docker(), "team");
  await up(sandbox, [blueprint("1-4"), "--target-workers", "2"]);
  const after = await startedAt();
  expect(after).toEqual({ "boss-0": before["boss-0"], "worker-0": before["worker-0"] });
  expect(await volumesOf(docker(), "team")).toEqual(volumes);
});

test("images that are not there are named with what makes them; a silent daemon is told of; down leaves nothing", async () => {
  await expect(requireImages(findDocker(docker().url, {}), ["swarmstack/none:1"])).rejects.toMatchObject({
    code: "SW615",
    hints: [expect.stringContaining("npm run docker:images")],
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
