import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgentRow } from "../../src/cli/clusters.ts";
import { findDocker } from "../../src/docker-host/address.ts";
import { latestCheckpoint } from "../../src/drivers/control/checkpoint-calls.ts";
import { countTasks } from "../../src/drivers/control/task-calls.ts";
import { dockerDriver } from "../../src/drivers/docker/docker-driver.ts";
import type { Driver } from "../../src/drivers/driver.ts";
import { team } from "../support/blueprints.ts";
import { up } from "../support/cluster.ts";
import { Sandbox, until } from "../support/sandbox.ts";
import { useDocker } from "../support/servers/docker.ts";
import { agentOnly } from "../support/servers/docker-images.ts";

const docker = useDocker({}, agentOnly);
let sandbox: Sandbox;
let driver: Driver;

beforeAll(async () => {
  sandbox = new Sandbox({ DOCKER_HOST: docker().url });
  driver = await dockerDriver({ address: findDocker(docker().url, {}), resource: "team" });
});
afterAll(async () => {
  driver?.close();
  await sandbox?.run(["down", "team", "--yes"]);
  await sandbox?.dispose();
});

/** All have registered and wait for work. */
function idle(epoch: number): Promise<AgentRow[]> {
  return until(
    `all are idle in life ${epoch}`,
    async () => {
      const run = await sandbox.run(["agents", "team", "--json"]);
      if (run.status !== 0) return undefined;
      const { agents } = JSON.parse(run.stdout) as { agents: AgentRow[] };
      return (
        agents.length === 3 && agents.every(({ health, epoch: life }) => health === "idle" && life === epoch) && agents
      );
    },
    120_000,
  );
}

test("dockerd is restarted, then killed: instances come back with their state, and no task is lost", async () => {
  const file = sandbox.write("team.yaml", team({ id: "team", workers: "2" }));
  await up(sandbox, [file, "--target", "docker"]);
  await idle(1);
  const task = ["task", "add", '{"skill":"sum","numbers":[1,2]}', "--agent", "boss", "--wait", "1m"];
  expect(await sandbox.json(task)).toMatchObject({ state: "done" });
  const before = await until("its state is saved", () => latestCheckpoint(driver, "boss-0").catch(() => undefined));
  const counted = await countTasks(driver);

  await docker().restart();
  await idle(2);
  expect(await latestCheckpoint(driver, "boss-0")).toMatchObject({ root: before.root });
  expect(await countTasks(driver)).toEqual(counted);

  await docker().kill();
  expect((await sandbox.run(["status", "team"])).stderr).toContain("SW614");
  await docker().restart();
  await until(
    "all run",
    async () => {
      const run = await sandbox.run(["agents", "team", "--json"]);
      return (
        run.status === 0 &&
        (JSON.parse(run.stdout) as { agents: AgentRow[] }).agents.every(({ health }) => health === "idle")
      );
    },
    120_000,
  );
  expect(await latestCheckpoint(driver, "boss-0")).toMatchObject({ root: before.root });
  expect(Object.keys((await up(sandbox, [file])).changes)).toEqual(["same"]);
});
