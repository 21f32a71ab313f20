import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { TargetKind } from "../blueprint/model.ts";
import { parseBlueprint } from "../blueprint/parse.ts";
import { type CompileOptions, compile } from "./compile.ts";
import { images } from "./images.ts";
import type { Plan } from "./plan.ts";

const worker = {
  ...{ role: "worker", name: "Content Creator", count: "0-2", capabilities: ["copywriting"], reports_to: "boss" },
  ...{ image: "registry.example.com/agent:1", command: ["run"], env: { B: "2", A: "1" }, config: { z: 1 } },
  ...{ labels: { team: "x" }, queue: { stream: "jobs", group: "writers" } },
  resources: { cpu: 1, memory: "1Gi", gpu: 1, gpu_pool: "t4" },
};

function planOf(
  target: TargetKind,
  change: object = {},
  network: object = {},
  options: Partial<CompileOptions> = {},
): Plan {
  const document = {
    metadata: { id: "team", name: "Team", version: "1.0.0" },
    cluster: {
      ...{ type: "department", min_workers: 1, max_workers: 20, shared: { memory: true }, network },
      target: { kind: target, redis: "rediss://10.0.0.9:6400" },
      scaling: { metric: "task_queue_length", scale_up_threshold: 10, scale_down_threshold: 2 },
    },
    secrets: { TOKEN: { env: "TOKEN" }, OTHER: { env: "OTHER" } },
    gpu_pools: target === "local" ? [] : [{ name: "t4", gpu: "nvidia-t4", gpus_per_node: 2, nodes: "0-1" }],
    agents: [
      { role: "supervisor", name: "Boss", capabilities: ["c"] },
      { ...worker, ...change },
    ],
  };
  const { blueprint, diagnostics } = parseBlueprint(stringify(document), {
    file: "team.yaml",
    hasRedis: true,
    target: options.target,
  });
  if (blueprint === undefined) throw new Error(JSON.stringify(diagnostics));
  return compile({ ...blueprint, digest: "digest" }, { cluster: "team-1", ...options });
}

describe("all of a blueprint is in its plan", () => {
  const state = { size: "1Gi", path: "/state" };
  const egress = ["10.0.0.0/8:6400", "api.openai.com:443"];
  const plan = () => planOf("kubernetes", { state, secrets: ["TOKEN", "OTHER"] }, { egress });

  test("about the cluster", () => {
    expect(plan()).toMatchObject({
      ...{ version: 1, cluster: "team-1", resource: "team-1" },
      blueprint: { id: "team", name: "Team", version: "1.0.0", digest: "digest" },
      target: { kind: "kubernetes", redis: "rediss://10.0.0.9:6400" },
      place: { target: "kubernetes", by: "blueprint", context: undefined, server: undefined, namespace: "team-1" },
      bounds: {
        agents: [
          { key: "boss", min: 1, max: 1 },
          { key: "content-creator", min: 0, max: 2 },
        ],
        ...{ minWorkers: 1, maxWorkers: 20 },
      },
      secrets: { OTHER: { kind: "env", variable: "OTHER" }, TOKEN: { kind: "env", variable: "TOKEN" } },
      shared: { memory: true, knowledge: [] },
      lifetime: { type: "department" },
    });
  });

  test("of an agent with nothing but a name", () => {
    expect(plan().agents[0]).toEqual({
      ...{ key: "boss", resource: "team-1-boss", role: "supervisor", name: "Boss", parent: undefined },
      ...{ capabilities: ["c"], count: { min: 1, max: 1 }, image: { name: images.agent, builtin: true } },
      ...{ command: undefined, env: {}, secrets: [], config: expect.any(String), state: undefined, queue: undefined },
      resources: { cpuMillis: 250, memoryBytes: 512 * 1024 ** 2, gpu: undefined },
      ...{ shape: "stateless", scaling: { kind: "fixed" }, stopTimeoutMs: 30_000 },
    });
  });

  test("of an agent with all keys", () => {
    const signal = { metric: "task_queue_length", scaleUpThreshold: 10, scaleDownThreshold: 2 };
    const { config, ...agent } = plan().agents[1] ?? { config: "{}" };
    expect(agent).toEqual({
      ...{ key: "content-creator", resource: "team-1-content-creator", role: "worker", name: "Content Creator" },
      ...{ parent: "boss", capabilities: ["copywriting"], count: { min: 0, max: 2 }, command: ["run"] },
      image: { name: "registry.example.com/agent:1", builtin: false },
      env: { A: "1", B: "2", SWARM_QUEUE_STREAM: "jobs", SWARM_QUEUE_GROUP: "writers" },
      secrets: ["OTHER", "TOKEN"],
      resources: {
        ...{ cpuMillis: 1000, memoryBytes: 1024 ** 3 },
        gpu: { pool: "t4", resource: "nvidia.com/gpu", count: 1, devices: [] },
      },
      state: { sizeBytes: 1024 ** 3, path: "/state" },
      queue: { stream: "jobs", group: "writers" },
      ...{ shape: "single", stopTimeoutMs: 30_000 },
      scaling: { kind: "swarmstack", scaling: { owner: "swarmstack", cooldownMs: 60_000, signals: [signal] } },
    });
    expect(JSON.parse(config)).toEqual({
      ...{ agent: "content-creator", role: "worker", name: "Content Creator", capabilities: ["copywriting"] },
      ...{ reportsTo: "boss", config: { z: 1 }, labels: { team: "x" }, onPartition: "safe" },
      queue: { stream: "jobs", group: "writers" },
    });
  });

  test("about its GPU pool and its network", () => {
    expect(plan().gpuPools).toEqual([
      {
        ...{ name: "t4", resource: "team-1-t4", gpu: "nvidia-t4", gpusPerNode: 2, nodes: { min: 0, max: 1 } },
        ...{ migProfile: undefined, capacity: 2, provisioning: "labelled", products: ["Tesla-T4"], groups: [] },
      },
    ]);
    expect(plan().network).toEqual({
      provider: "standard",
      egress: [
        { kind: "cidr", cidr: "10.0.0.0/8", port: 6400 },
        { kind: "host", host: "api.openai.com", port: 443 },
      ],
      proxy: { resource: "team-1--egress", image: images.proxy, port: 3128, config: expect.any(String) },
      redis: { kind: "address", url: "rediss://10.0.0.9:6400", host: "10.0.0.9", port: 6400, tls: true },
    });
    // The agents, one more of the stateless one, three of the proxy and the agent server.
    expect(plan().platform).toEqual({
      ...{ kind: "kubernetes", namespace: { name: "team-1", ours: true }, context: undefined },
      quota: { pods: "8", "requests.nvidia.com/gpu": "2" },
    });
  });
});

test("an image that is built has a name of its folder, and keeps the folder", () => {
  const { image } = planOf("docker", { image: { build: "./agent" } }).agents[1] ?? {};
  expect(image).toEqual({ name: expect.stringMatching(/^team-1--image-[0-9a-z]+$/), builtin: false, build: "./agent" });
});

test("only docker assigns GPUs to each instance", () => {
  expect(planOf("docker").agents[1]?.resources.gpu?.devices).toEqual([["0"], ["1"]]);
  expect(planOf("kubernetes").agents[1]?.resources.gpu?.devices).toEqual([]);
});

test.each([
  { scaleIn: undefined, state: undefined, shape: "stateless" },
  { scaleIn: "last", state: { size: "1Gi", path: "/state" }, shape: "ordered" },
  { scaleIn: "any", state: { size: "1Gi", path: "/state" }, shape: "single" },
])("scale_in $scaleIn and state $state: $shape", ({ scaleIn, state, shape }) => {
  expect(planOf("kubernetes", { scale_in: scaleIn, state }).agents[1]?.shape).toBe(shape);
});

describe("where a cluster is", () => {
  const controlPlane = { context: "found", server: "https://prod" };
  const noGpu = { resources: { cpu: 1 } };

  test.each<{ title: string; target: TargetKind; options: Partial<CompileOptions>; want: Plan["place"] }>([
    {
      title: "by the blueprint",
      ...{ target: "kubernetes", options: {} },
      want: { target: "kubernetes", by: "blueprint", context: undefined, server: undefined, namespace: "team-1" },
    },
    {
      title: "by an option",
      ...{ target: "local", options: { target: "kubernetes" } },
      want: { target: "kubernetes", by: "option", context: undefined, server: undefined, namespace: "team-1" },
    },
    {
      title: "on the control plane that was found",
      ...{ target: "kubernetes", options: { controlPlane } },
      want: { target: "kubernetes", by: "blueprint", context: "found", server: "https://prod", namespace: "team-1" },
    },
    {
      title: "on the daemon that was found",
      ...{ target: "docker", options: { controlPlane } },
      want: { target: "docker", by: "blueprint", context: "found", server: "https://prod", namespace: undefined },
    },
    {
      title: "on this host, which has no context",
      ...{ target: "local", options: { controlPlane: { context: "other", server: "https://prod" } } },
      want: { target: "local", by: "blueprint", context: undefined, server: "https://prod", namespace: undefined },
    },
  ])("$title", ({ target, options, want }) => {
    const plan = planOf(target, noGpu, {}, options);
    expect(plan.place).toEqual(want);
    expect(plan.target.kind).toBe(want.target);
    expect(plan.platform.kind).toBe(want.target);
  });
});

describe("an image that a target cannot run", () => {
  const image = "registry.example.com/agent:1";
  const noGpu = { resources: { cpu: 1 }, queue: undefined };
  const queue = { stream: "jobs", group: "writers" };

  test.each<{ title: string; change: object }>([
    { title: "neither", change: { ...noGpu, image, command: undefined } },
    { title: "a command", change: { ...noGpu, image, command: ["run"], secrets: ["TOKEN"], queue } },
    { title: "our own image", change: { ...noGpu, image: undefined, command: undefined, secrets: ["TOKEN"], queue } },
  ])("docker runs it with $title", ({ change }) => {
    expect(planOf("docker", change).agents).toHaveLength(2);
  });
});
