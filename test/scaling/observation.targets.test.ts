import { describe, expect, test } from "vitest";
import { addTask } from "../../src/drivers/control/task-calls.ts";
import { observeCluster } from "../../src/scaling/sources/cluster-sources.ts";
import { controlQueue } from "../../src/scaling/sources/queue/control-queue.ts";
import { RedisConnections } from "../../src/scaling/sources/redis/connections.ts";
import { useSharedTarget } from "../support/targets/shared.ts";
import type { Target } from "../support/targets/target.ts";
import { eventually, give, type Team } from "../support/targets/team.ts";

/** What an autoscaler sees of a team, from its target and its agent server. */
async function observed({ driver }: Team, isSupervised: boolean) {
  const now = Date.now;
  const [resource = "writer"] = (await driver.desired?.())?.keys() ?? [];
  const connections = new RedisConnections();
  const thresholds = { expression: undefined, scaleUpThreshold: 5, scaleDownThreshold: 0 };
  const metrics = ["task_queue_length", "idle_agents", "load_percentage"] as const;
  const agent = {
    ...{ key: "writer", resource, selectors: ["agent:writer", "role:worker"], cores: 0.5, max: 9 },
    signals: metrics.map((metric) => ({ metric, ...thresholds })),
  };
  const expressions = { connections, redis: undefined, prometheus: undefined, deadlineMs: 1_000, now };
  const sources = {
    agents: [agent],
    driver,
    queue: controlQueue(driver),
    expressions,
    isSupervised,
    deadlineMs: 30_000,
    now,
  };
  return (await observeCluster(sources, new AbortController().signal)).agents.writer;
}

function observationSuite(target: Target): void {
  test("instances by state, and the tasks that wait and that they hold", async ({ onTestFinished }) => {
    const team = await target.team(onTestFinished, { count: 2 });
    const look = () => observed(team, target.name === "local");
    const idle = await eventually(async () => {
      const agent = await look();
      return agent?.live?.idle === 2 ? agent : undefined;
    });
    const none = { kind: "value", value: 0 };
    expect(idle).toMatchObject({ live: { desired: 2, starting: 0, busy: 0, failed: 0 }, waiting: none, leased: none });
    expect(idle.signals.slice(0, 2)).toEqual([none, { kind: "value", value: 100 }]);
    // Not measured yet is unknown, or stale where one of two is.
    expect(idle.signals[2]).toMatchObject({ kind: expect.stringMatching(/value|unknown|stale/) });

    for (let n = 0; n < 3; n++) await give(team, { skill: "sleep", ms: 600_000 });
    await addTask(team.driver, { selector: { role: "worker" }, payload: { skill: "sleep", ms: 600_000 } });
    const busy = await eventually(async () => {
      const agent = await look();
      return agent?.live?.busy === 2 ? agent : undefined;
    });
    const two = { kind: "value", value: 2 };
    expect(busy).toMatchObject({ live: { desired: 2, idle: 0 }, waiting: two, leased: two });
    expect(busy.signals.slice(0, 2)).toEqual([{ kind: "value", value: 4 }, none]);
  });
}

describe.each(["local", "docker", "kubernetes"] as const)("%s", (name) => observationSuite(useSharedTarget(name)));
