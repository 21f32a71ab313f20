import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SwarmError } from "../errors.ts";
import {
  type NodeDefinition,
  NodeFactory,
  NodeSpawner,
  NodeType,
  type SpawnConfig,
  type SpawnerOptions,
  SpawnTrigger,
} from "./index.ts";
import { memoryStateStore } from "./state-store.ts";

/** A clock that moves when it is told to. */
class VirtualClock {
  #now = 1_000_000;
  readonly now = () => this.#now;

  sleep(seconds: number): void {
    this.#now += 1_000 * seconds;
  }
}

const template: NodeDefinition = {
  id: "base_model",
  type: NodeType.MODEL,
  name: "Base Model",
  config: { model: "qwen2.5:1.5b", temperature: 0.7 },
};

function spawnerWith(config: Partial<SpawnConfig> = {}, options: SpawnerOptions = {}) {
  const clock = new VirtualClock();
  return { clock, spawner: new NodeSpawner({ cooldownMs: 100, ...config }, { now: clock.now, ...options }) };
}

const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "spawned",
    (error: unknown) => (error instanceof SwarmError ? `${error.code} ${error.message}` : String(error)),
  );

describe("the examples of the original", () => {
  test("node factory", () => {
    expect(NodeFactory.createFromDefinition(template)).toMatchObject({ id: "base_model", definition: template });
    const specialized = NodeFactory.createFromTemplate(template, "specialized_node", { model: "qwen2.5:3b" });
    expect(specialized.definition).toEqual({
      ...template,
      id: "specialized_node",
      config: { model: "qwen2.5:3b", temperature: 0.7 },
    });
    const cloned = NodeFactory.cloneNodeDefinition(specialized, "cloned_node", { temperature: 0.9 });
    expect(cloned).toMatchObject({ id: "cloned_node", config: { model: "qwen2.5:3b", temperature: 0.9 } });
  });

  test("basic spawning", async () => {
    const { spawner } = spawnerWith({ maxSpawns: 10 });
    const specialized = await spawner.spawnNode(template, {
      specialization: { model: "qwen2.5:3b", temperature: 0.9 },
      trigger: SpawnTrigger.SPECIALIZATION_NEEDED,
    });
    expect(specialized.id).toBe("base_model-s1");
    expect(specialized.definition.config).toEqual({ model: "qwen2.5:3b", temperature: 0.9 });
    expect(await spawner.getSpawnRecord(specialized.id)).toMatchObject({
      ...{ spawnedNodeId: "base_model-s1", templateNodeId: "base_model", trigger: "specialization_needed" },
      ...{ specialization: { model: "qwen2.5:3b", temperature: 0.9 }, spawnDepth: 0, metadata: {} },
    });
  });

  test("performance-based spawning", async () => {
    const { spawner } = spawnerWith({ enableAutoSpawn: true });
    const node = NodeFactory.createFromDefinition(template);
    expect(spawner.checkPerformanceTrigger(node.id, node.stats.successRate)).toBe(false);
    expect(spawner.checkPerformanceTrigger(node.id, 0.6)).toBe(false);
    expect(spawner.checkPerformanceTrigger(node.id, 0.59)).toBe(true);
    const upgraded = await spawner.spawnNode(template, {
      specialization: { model: "qwen2.5:7b" },
      trigger: SpawnTrigger.PERFORMANCE_THRESHOLD,
    });
    expect((await spawner.getSpawnRecord(upgraded.id))?.trigger).toBe("performance_threshold");
  });

  test("workload-based spawning", async () => {
    const { spawner } = spawnerWith({ enableAutoSpawn: true });
    const node = NodeFactory.createFromDefinition(template);
    expect(spawner.checkWorkloadTrigger(node.id, 100)).toBe(false);
    expect(spawner.checkWorkloadTrigger(node.id, 101)).toBe(true);
    const clone = await spawner.cloneNode(node, { trigger: SpawnTrigger.WORKLOAD_SPIKE });
    // A clone of a node that was not spawned has depth 1.
    expect(await spawner.getSpawnRecord(clone.id)).toMatchObject({ trigger: "workload_spike", spawnDepth: 1 });
  });

  test("automatic spawning is off unless it is enabled", () => {
    const { spawner } = spawnerWith();
    expect(spawner.checkPerformanceTrigger("a", 0)).toBe(false);
    expect(spawner.checkWorkloadTrigger("a", 10_000)).toBe(false);
  });

  test("spawn chain management", async () => {
    const { clock, spawner } = spawnerWith();
    const original = await spawner.spawnNode(template);
    clock.sleep(0.1);
    const clone1 = await spawner.cloneNode(original);
    expect((await spawner.getSpawnRecord(clone1.id))?.spawnDepth).toBe(1);
    clock.sleep(0.1);
    const clone2 = await spawner.cloneNode(clone1);
    expect((await spawner.getSpawnRecord(clone2.id))?.spawnDepth).toBe(2);
    expect([original.id, clone1.id, clone2.id]).toEqual(["base_model-s1", "base_model-s2", "base_model-s3"]);
  });

  test("spawn history and metrics", async () => {
    const { clock, spawner } = spawnerWith();
    for (const trigger of [SpawnTrigger.MANUAL, SpawnTrigger.WORKLOAD_SPIKE, SpawnTrigger.MANUAL]) {
      await spawner.spawnNode(template, { trigger });
      clock.sleep(0.1);
    }
    expect(await spawner.getSpawnHistory()).toHaveLength(3);
    const manual = await spawner.getSpawnHistory({ trigger: SpawnTrigger.MANUAL, limit: 1 });
    expect(manual.map(({ spawnedNodeId }) => spawnedNodeId)).toEqual(["base_model-s3"]);
    expect(await spawner.getChildren("base_model")).toHaveLength(3);
    expect(await spawner.getMetrics()).toEqual({
      ...{ totalSpawns: 3, activeSpawns: 3, failedSpawns: 0, avgSpawnLatencyMs: 0 },
      spawnsByTrigger: { manual: 2, workload_spike: 1, performance_threshold: 0, specialization_needed: 0 },
    });
  });

  test("despawning nodes", async () => {
    const { spawner } = spawnerWith();
    const { id } = await spawner.spawnNode(template);
    expect(await spawner.despawnNode(id)).toBe(true);
    expect(await spawner.despawnNode(id)).toBe(false);
    expect(await spawner.getMetrics()).toMatchObject({ totalSpawns: 1, activeSpawns: 0 });
    expect(await spawner.getSpawnRecord(id)).toBeDefined();
  });

  test("example 1: A/B testing different models", async () => {
    const { clock, spawner } = spawnerWith({ maxSpawns: 10 });
    const variants: unknown[] = [];
    for (const model of ["qwen2.5:1.5b", "qwen2.5:3b", "qwen2.5:7b"]) {
      const variant = await spawner.spawnNode(template, { specialization: { model }, trigger: SpawnTrigger.MANUAL });
      variants.push(variant.definition.config.model);
      clock.sleep(0.1);
    }
    expect(variants).toEqual(["qwen2.5:1.5b", "qwen2.5:3b", "qwen2.5:7b"]);
  });

  test("example 2: auto-scaling under load", async () => {
    const { clock, spawner } = spawnerWith({ maxSpawns: 10, workloadThreshold: 50, enableAutoSpawn: true });
    const processor = NodeFactory.createFromDefinition({ ...template, id: "processor" });
    const told: string[] = [];
    for (const workload of [10, 51, 51, 400]) {
      if (spawner.checkWorkloadTrigger("processor", workload)) {
        told.push(await refusalOf(spawner.cloneNode(processor)));
      }
      clock.sleep(0.06);
    }
    expect(told).toEqual([
      "spawned",
      "SW742 no node is spawned from processor: the cool-down has 40 ms left",
      "spawned",
    ]);
  });

  test("example 3: domain specialization", async () => {
    const { clock, spawner } = spawnerWith();
    const domains = {
      math: "You are a math expert...",
      code: "You are a coding expert...",
      writing: "You are a writing expert...",
    };
    const specialists: Record<string, unknown> = {};
    for (const [domain, prompt] of Object.entries(domains)) {
      const specialist = await spawner.spawnNode(template, {
        specialization: { system_prompt: prompt },
        trigger: SpawnTrigger.SPECIALIZATION_NEEDED,
      });
      specialists[domain] = specialist.definition.config.system_prompt;
      clock.sleep(0.1);
    }
    expect(specialists).toEqual(domains);
  });

  test("best practices: metrics, clean-up, meaningful specializations, cool-down", async () => {
    const { clock, spawner } = spawnerWith({ maxSpawns: 2 });
    await spawner.spawnNode(template);
    clock.sleep(0.1);
    await spawner.spawnNode(template);
    expect(await spawner.getStats()).toMatchObject({
      activeSpawns: 2,
      activeNodeIds: ["base_model-s1", "base_model-s2"],
      cooldownLeftMs: 100,
    });
    clock.sleep(0.1);
    expect(await refusalOf(spawner.spawnNode(template))).toBe(
      "SW742 no node is spawned from base_model: 2 of 2 spawned nodes are there",
    );
    for (const { spawnedNodeId } of await spawner.getSpawnHistory()) await spawner.despawnNode(spawnedNodeId);
    const arbitrary = spawner.spawnNode(template, { specialization: { random_param: 123 } });
    expect(await refusalOf(arbitrary)).toContain(
      'SW741 the settings of node base_model-s3 are not valid: Unrecognized key: "random_param"',
    );
    expect(await spawner.canSpawn()).toBe(true);
    await spawner.spawnNode(template);
    expect(await spawner.canSpawn({ checkCooldown: true })).toBe(false);
    expect(await spawner.canSpawn({ checkCooldown: false })).toBe(true);
  });

  test.each<[string, Partial<SpawnConfig>]>([
    [
      "conservative",
      {
        maxSpawns: 5,
        cooldownMs: 10_000,
        performanceThreshold: 0.7,
        workloadThreshold: 200,
        enableAutoSpawn: false,
        maxSpawnDepth: 2,
      },
    ],
    [
      "aggressive",
      {
        maxSpawns: 20,
        cooldownMs: 1_000,
        performanceThreshold: 0.5,
        workloadThreshold: 50,
        enableAutoSpawn: true,
        maxSpawnDepth: 5,
      },
    ],
    [
      "minimal",
      {
        maxSpawns: 100,
        cooldownMs: 100,
        performanceThreshold: 0,
        workloadThreshold: 1,
        enableAutoSpawn: true,
        maxSpawnDepth: 10,
      },
    ],
  ])("the %s configuration", (_name, config) => {
    expect(new NodeSpawner(config).config).toEqual(config);
  });
});

test("without a configuration the defaults of the original apply", () => {
  expect(new NodeSpawner().config).toEqual({
    ...{ maxSpawns: 10, cooldownMs: 5_000, performanceThreshold: 0.6, workloadThreshold: 100 },
    ...{ enableAutoSpawn: false, maxSpawnDepth: 3 },
  });
});

test.each([
  ["maxSpawns", [0, 101, 1.5], "1 to 100"],
  ["cooldownMs", [99, 60_001], "100 to 60000"],
  ["performanceThreshold", [-0.1, 1.1], "0 to 1"],
  ["workloadThreshold", [0, 10_001], "1 to 10000"],
  ["maxSpawnDepth", [0, 11], "1 to 10"],
] as const)("%s outside of its range is refused with the range", (field, values, range) => {
  for (const value of values) {
    const expected =
      Number.isInteger(value) || range.startsWith("0")
        ? `${field} is outside of ${range}`
        : `${field} is no whole number`;
    expect(() => new NodeSpawner({ [field]: value })).toThrow(expected);
  }
  expect(() => new NodeSpawner({ [field]: "many" as unknown as number })).toThrow(/is no (whole )?number/);
});

test("an unknown field, and an unknown type, are refused", () => {
  expect(() => new NodeSpawner({ max: 1 } as object)).toThrow(/not valid: Unrecognized key: "max"/);
  const cook = { ...template, type: "cook" };
  expect(() => NodeFactory.createFromDefinition(cook)).toThrow(
    "node base_model is of type cook, which is not registered; there are model",
  );
});

test("a chain ends at its depth, and a refused clone uses nothing up", async () => {
  const { clock, spawner } = spawnerWith({ maxSpawnDepth: 1 });
  const first = await spawner.spawnNode(template);
  clock.sleep(0.1);
  const clone = await spawner.cloneNode(first);
  clock.sleep(0.1);
  expect(await refusalOf(spawner.cloneNode(clone))).toBe(
    "SW742 no node is spawned from base_model-s2: its depth would be 2, and 1 is the limit",
  );
  expect(await spawner.getMetrics()).toMatchObject({ totalSpawns: 2, failedSpawns: 0 });
});

test("a node that does not start counts as failed, and gives its place back", async () => {
  const host = { start: () => Promise.reject(new Error("no room")), stop: () => Promise.resolve() };
  const { spawner } = spawnerWith({}, { host });
  expect(await refusalOf(spawner.spawnNode(template))).toBe("Error: no room");
  expect(await spawner.getMetrics()).toMatchObject({ totalSpawns: 0, activeSpawns: 0, failedSpawns: 1 });
});

test("reset forgets records and cool-down", async () => {
  const { spawner } = spawnerWith();
  await spawner.spawnNode(template);
  await spawner.reset();
  expect(await spawner.canSpawn()).toBe(true);
  expect(await spawner.getSpawnHistory()).toEqual([]);
});

test("100 callers at once, who try again after each cool-down, get exactly max_spawns nodes, never two within a cool-down", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 4 }), async (maxSpawns, spawners) => {
      const clock = new VirtualClock();
      const states = memoryStateStore();
      const create = () => new NodeSpawner({ maxSpawns, cooldownMs: 100 }, { states, now: clock.now });
      const first = create();
      const all = [first, ...Array.from({ length: spawners - 1 }, create)];
      let waiting = 100;
      for (let round = 0; round < 30; round++) {
        const attempts = Array.from({ length: waiting }, (_, caller) =>
          refusalOf((all[caller % spawners] ?? first).spawnNode(template)),
        );
        const spawned = (await Promise.all(attempts)).filter((reply) => reply === "spawned").length;
        expect(spawned).toBeLessThanOrEqual(1);
        waiting -= spawned;
        clock.sleep(0.1);
      }
      expect(await first.getMetrics()).toMatchObject({ activeSpawns: maxSpawns, totalSpawns: maxSpawns });
      const ids = (await first.getSpawnHistory()).map(({ spawnedNodeId }) => spawnedNodeId);
      expect(new Set(ids).size).toBe(maxSpawns);
    }),
    { numRuns: 10, seed: 20_261_201 },
  );
});
