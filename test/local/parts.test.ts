import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectRedis } from "../../src/runtime/tasks/redis/connect.ts";
import { startRedis } from "../../tools/services/redis.ts";
import { isAvailable, type Service } from "../../tools/services/service.ts";
import { agentPids, up } from "../support/cluster.ts";
import { Sandbox, until } from "../support/sandbox.ts";

const sandbox = new Sandbox();
let redis: Service | undefined;
let reason = "";

beforeAll(async () => {
  const service = await startRedis();
  if (isAvailable(service)) redis = service;
  else reason = service.unavailable;
  mkdirSync(join(sandbox.home, "brand", "tone"), { recursive: true });
  writeKnowledge("Plain words.");
});

afterAll(async () => {
  await sandbox.dispose();
  await redis?.stop();
});

function writeKnowledge(text: string): void {
  writeFileSync(join(sandbox.home, "brand", "tone", "voice.md"), text);
}

function blueprint(target: string): string {
  return sandbox.write(
    "team.yaml",
    `metadata: { id: team, name: Team, version: 1.0.0 }
cluster:
  type: standard
  min_workers: 1
  max_workers: 3
  target: ${target}
  shared: { memory: true, knowledge: [{ name: brand, path: ./brand }] }
agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [coordination] }
  - role: worker
    name: Worker
    count: 1
    reports_to: supervisor
    capabilities: [work]
    drain: 1 second
    ${target.includes("redis") ? 'queue: { stream: "jobs:content", group: creators }' : ""}
`,
  );
}

async function inInstance(script: string): Promise<string> {
  const { stdout } = await sandbox.run(["exec", "worker-0", "sh", "-c", script]);
  return stdout.trim();
}

test("agents find the knowledge of their blueprint, read-only; other files are an update, none is no change", async () => {
  const file = blueprint("{ kind: local }");
  await up(sandbox, [file]);
  expect(await inInstance('cat "$SWARM_KNOWLEDGE_DIR/brand/tone/voice.md"')).toBe("Plain words.");
  expect(await inInstance('stat -c %a "$SWARM_KNOWLEDGE_DIR/brand/tone/voice.md"')).toBe("444");
  expect((await up(sandbox, [file])).changes).toEqual({ same: 5 });

  const before = await agentPids(sandbox, "team");
  writeKnowledge("Warm words.");
  const plan = await sandbox.run(["plan", file]);
  expect(plan).toMatchObject({ status: 2, stdout: expect.stringContaining("knowledge") });
  expect((await up(sandbox, [file])).changes).toEqual({ same: 3, update: 2 });
  expect(await inInstance('cat "$SWARM_KNOWLEDGE_DIR/brand/tone/voice.md"')).toBe("Warm words.");
  const after = await agentPids(sandbox, "team");
  expect(before.filter((pid) => after.includes(pid))).toEqual([]);
});

test("a queue in Redis by the blueprint alone: given to a cluster that runs, and what others put into its stream is worked on", async ({
  skip,
}) => {
  if (redis === undefined) return skip(`no Redis here: ${reason}`);
  await up(sandbox, [blueprint(`{ kind: local, redis: "${redis.url}" }`)]);
  expect(await inInstance('echo "$REDIS_URL $SWARM_QUEUE_STREAM"')).toBe(`${redis.url} jobs:content`);
  const task = await sandbox.json<{ state: string; result: { value: unknown; instance: string } }>([
    ...["task", "add", '{"skill":"sum","numbers":[20,22]}', "--agent", "worker", "--wait", "1m"],
  ]);
  expect(task).toMatchObject({ state: "done", result: { value: 42, instance: "worker-0" } });

  const client = await connectRedis(redis.url);
  try {
    await client.xAdd("jobs:content", "*", { skill: "echo", text: "from outside" });
    await until("the job of somebody else is done", async () => (await client.xLen("jobs:content")) === 0);
    expect(await client.exists("worker:heartbeat:worker:worker-0")).toBe(1);
  } finally {
    await client.close();
  }
  const { counts } = await sandbox.json<{ counts: { done: number } }>(["task", "list"]);
  expect(counts.done).toBe(2);
});
