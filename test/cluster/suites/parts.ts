import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectRedis } from "../../../src/tasks/redis/connect.ts";
import { isAvailable } from "../../../tools/services/service.ts";
import { agentPids, up } from "../../support/cluster.ts";
import { until } from "../../support/sandbox.ts";
import { redisDatabase } from "../../support/servers/databases.ts";
import { type Target, uniqueName, useHome } from "../../support/targets/target.ts";

/** Knowledge and queues on any target. */
export function partsSuite(target: Target): void {
  const home = useHome(target);
  const cluster = uniqueName("team");

  function writeKnowledge(text: string): void {
    const folder = join(home().sandbox.home, "brand", "tone");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "voice.md"), text);
  }

  /** @param redis address from the instances' network; without one there is no queue */
  function blueprint(redis?: string): string {
    const place = redis === undefined ? target.name : `{ kind: ${target.name}, redis: "${redis}" }`;
    return home().sandbox.write(
      "team.yaml",
      `metadata: { id: ${cluster}, name: Team, version: 1.0.0 }
cluster:
  type: standard
  min_workers: 1
  max_workers: 3
  target: ${place}
  shared: { memory: true, knowledge: [{ name: brand, path: ./brand }] }
agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [coordination] }
  - role: worker
    name: Worker
    count: 1
    reports_to: supervisor
    capabilities: [work]
    drain: 1 second
    ${redis === undefined ? "" : 'queue: { stream: "jobs:content", group: creators }'}
`,
    );
  }

  async function inInstance(script: string): Promise<string> {
    const { stdout } = await home().sandbox.run(["exec", "worker-0", "sh", "-c", script]);
    return stdout.trim();
  }

  test("agents have read-only access to the knowledge of their blueprint; changed files are an update, unchanged ones are not", async () => {
    writeKnowledge("Plain words.");
    const { sandbox } = home();
    const file = blueprint();
    await up(sandbox, [file]);
    expect(await inInstance('cat "$SWARM_KNOWLEDGE_DIR/brand/tone/voice.md"')).toBe("Plain words.");
    expect(await inInstance('stat -c %a "$SWARM_KNOWLEDGE_DIR/brand/tone/voice.md"')).toBe("444");
    expect(Object.keys((await up(sandbox, [file])).changes)).toEqual(["same"]);

    const before = await agentPids(sandbox, cluster);
    writeKnowledge("Warm words.");
    const plan = await sandbox.run(["plan", file]);
    expect(plan).toMatchObject({ status: 2, stdout: expect.stringMatching(target.planLines(cluster).knows) });
    await up(sandbox, [file]);
    expect(await inInstance('cat "$SWARM_KNOWLEDGE_DIR/brand/tone/voice.md"')).toBe("Warm words.");
    const after = await agentPids(sandbox, cluster);
    expect(after).toHaveLength(before.length);
    expect(before.filter((pid) => after.includes(pid))).toEqual([]);
  });

  test("a Redis queue, added to a running cluster by its blueprint, processes jobs that other producers add to its stream", async ({
    skip,
    onTestFinished,
  }) => {
    const redis = await redisDatabase();
    if (!isAvailable(redis)) return skip(`no Redis here: ${redis.unavailable}`);
    onTestFinished(() => redis.stop());
    const { sandbox, reachable } = home();
    const url = await reachable(redis.url);
    await up(sandbox, [blueprint(url)]);
    expect(await inInstance('echo "$REDIS_URL $SWARM_QUEUE_STREAM"')).toBe(`${url} jobs:content`);
    const task = await sandbox.json<{ state: string; result: { value: unknown; instance: string } }>([
      ...["task", "add", '{"skill":"sum","numbers":[20,22]}', "--agent", "worker", "--wait", "1m"],
    ]);
    expect(task).toMatchObject({ state: "done", result: { value: 42, instance: "worker-0" } });

    const client = await connectRedis(redis.url);
    try {
      await client.xAdd("jobs:content", "*", { skill: "echo", text: "from outside" });
      await until("the job of another producer is done", async () => (await client.xLen("jobs:content")) === 0);
      expect(await client.exists("worker:heartbeat:jobs:content:worker-0")).toBe(1);
    } finally {
      await client.close();
    }
    const { counts } = await sandbox.json<{ counts: { done: number } }>(["task", "list"]);
    expect(counts.done).toBe(2);
  });
}
