import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { Blueprint, TargetKind } from "../blueprint/model.ts";
import { parseBlueprint } from "../blueprint/parse.ts";
import { SwarmError } from "../errors.ts";
import { type CompileOptions, compile } from "./compile.ts";

const seed = 20261122;

const agent = {
  role: "worker",
  name: "Content Creator",
  count: "0-5",
  capabilities: ["copywriting"],
  reports_to: "supervisor",
  image: "registry.example.com/agent:1",
  env: { B: "2", A: "1", C: "3" },
  config: { z: 1, a: { y: 2, b: [3, { d: 4, c: 5 }] } },
  labels: { team: "x", area: "y" },
  resources: { cpu: 1, memory: "1Gi", gpu: 1, gpu_pool: "t4" },
  secrets: ["TOKEN", "OTHER"],
  state: { size: "1Gi", path: "/state" },
};

const document = {
  metadata: { id: "team", name: "Team", version: "1.0.0" },
  cluster: {
    type: "department",
    min_workers: 1,
    max_workers: 20,
    target: { kind: "kubernetes", context: "here" },
    scaling: { metric: "task_queue_length", scale_up_threshold: 10, scale_down_threshold: 2 },
    shared: { memory: true, knowledge: [{ name: "brand", path: "./brand" }] },
    network: { egress: ["10.0.0.0/8:5432", "api.openai.com:443"] },
  },
  secrets: { TOKEN: { env: "TOKEN" }, OTHER: { kubernetes: "tokens/other" } },
  gpu_pools: [{ name: "t4", gpu: "nvidia-t4", gpus_per_node: 1, nodes: "0-5" }],
  agents: [{ role: "supervisor", name: "Boss", capabilities: ["c"] }, agent],
};

function blueprintOf(value: unknown, target?: TargetKind): Blueprint {
  const { blueprint, diagnostics } = parseBlueprint(stringify(value), { file: "test.yaml", target, hasRedis: true });
  if (blueprint === undefined) throw new Error(JSON.stringify(diagnostics, null, 1));
  return blueprint;
}

function bytes(value: unknown, options: Partial<CompileOptions> = {}): string {
  return JSON.stringify(compile(blueprintOf(value), { cluster: "team-1", ...options }));
}

/** Every map with its keys in a random order. */
function shuffled(value: unknown, order: (key: string) => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, order));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => order(a) - order(b) || (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, shuffled(inner, order)]));
}

describe("the same blueprint gives the same bytes", () => {
  test("whatever the order of its keys is", () => {
    const want = bytes(document);
    fc.assert(
      fc.property(fc.integer(), (salt) => {
        const order = (key: string) =>
          [...key].reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 16_777_619), salt);
        expect(bytes(shuffled(document, order))).toBe(want);
      }),
      { seed, numRuns: 60 },
    );
  });

  test("as plain JSON: nothing is lost on the way through it", () => {
    const plan = compile(blueprintOf(document), { cluster: "team-1" });
    expect(JSON.stringify(JSON.parse(JSON.stringify(plan)))).toBe(JSON.stringify(plan));
  });

  test("and another one for another cluster, target or value", () => {
    const one = bytes(document);
    const edited = { ...document, agents: [document.agents[0], { ...agent, config: { z: 2 } }] };
    expect(
      new Set([one, bytes(document, { cluster: "team-2" }), bytes(document, { target: "aws" }), bytes(edited)]).size,
    ).toBe(4);
  });
});

test("holds references of secrets that are used, sorted, and no values", () => {
  process.env.TOKEN = "the-value-of-the-token";
  const unused = { ...document, secrets: { ...document.secrets, ALONE: { env: "ALONE" } } };
  const plan = compile(blueprintOf(unused), { cluster: "team-1" });
  expect(Object.keys(plan.secrets)).toEqual(["OTHER", "TOKEN"]);
  expect(JSON.stringify(plan)).not.toContain("the-value-of-the-token");
});

test("a plan of 1,000 agents takes less than a second", () => {
  const agents = [
    document.agents[0],
    ...Array.from({ length: 999 }, (_, index) => ({ ...agent, name: `Agent ${index}`, resources: { cpu: 1 } })),
  ];
  const blueprint = blueprintOf({ ...document, cluster: { ...document.cluster, max_workers: 5000 }, agents });
  const start = performance.now();
  expect(compile(blueprint, { cluster: "team-1" }).agents.length).toBe(1000);
  expect(performance.now() - start).toBeLessThan(1000);
});

/** A request that a target cannot execute is refused and never ignored, also where no diagnostic came before. */
describe("refuses with a reason", () => {
  const base = blueprintOf(document);
  const worker = base.agents[1];
  if (worker === undefined) throw new TypeError("no worker");
  const withWorker = (change: object): Blueprint => ({
    ...base,
    agents: base.agents.map((one) => (one === worker ? { ...one, ...change } : one)),
  });
  const withCluster = (change: object): Blueprint => ({ ...base, cluster: { ...base.cluster, ...change } });
  const noGpu = { resources: { ...worker.resources, gpu: 0, gpuPool: undefined } };
  const [pool] = base.gpuPools;
  const queue = { stream: "jobs", group: "g" };
  const signals = [{ metric: "task_queue_length", expression: undefined, scaleUpThreshold: 5, scaleDownThreshold: 1 }];

  test.each<{ blueprint: Blueprint; target: TargetKind; message: string }>([
    {
      blueprint: withWorker({ count: { min: 0, max: 1 } }),
      target: "docker",
      message: 'secret "OTHER" of "Content Creator" is in Kubernetes, and the target is docker',
    },
    ...[{ secrets: ["TOKEN"] }, { secrets: [], queue }].map((change) => ({
      blueprint: {
        ...withWorker({ image: { kind: "name", name: "agent" }, command: undefined, ...change, ...noGpu }),
        gpuPools: [],
        secrets: { TOKEN: { kind: "env" as const, variable: "TOKEN" } },
        cluster: { ...base.cluster, network: { ...base.cluster.network, egress: undefined } },
      },
      target: "docker" as const,
      message: '"Content Creator" has secrets or a queue, and the command of its image is not known',
    })),
    { blueprint: base, target: "local", message: "target local cannot enforce egress rules" },
    {
      blueprint: { ...base, cluster: { ...base.cluster, network: { ...base.cluster.network, egress: undefined } } },
      target: "local",
      message: 'GPU pool "t4" cannot be provided: target local does not assign GPUs',
    },
    {
      blueprint: withWorker({ secrets: [], count: { min: 0, max: 2 } }),
      target: "docker",
      message: 'pool "t4" has 1 GPUs on a docker host, and the agents\' maxima need 2 (content-creator 2 x 1)',
    },
    {
      blueprint: withWorker({ scaling: { owner: "keda", cooldownMs: 1, signals } }),
      target: "kubernetes",
      message: '"Content Creator" cannot be scaled: keda removes the last instance first, and scale_in is any',
    },
    {
      blueprint: {
        ...withWorker({ scaling: { owner: "hpa", cooldownMs: 1, signals }, secrets: [], ...noGpu }),
        gpuPools: [],
        cluster: { ...base.cluster, network: { ...base.cluster.network, egress: undefined } },
      },
      target: "docker",
      message: '"Content Creator" cannot be scaled: hpa needs Kubernetes, and the target is docker',
    },
    {
      blueprint: withWorker({ scaling: { owner: "hpa", cooldownMs: 1, signals }, state: undefined }),
      target: "kubernetes",
      message: '"Content Creator" cannot be scaled: hpa keeps at least 1 running, and the minimum is 0',
    },
    {
      blueprint: {
        ...withWorker({ scaling: { owner: "keda", cooldownMs: 1, signals }, state: undefined, queue }),
        cluster: { ...base.cluster, network: { ...base.cluster.network, egress: undefined } },
      },
      target: "kubernetes",
      message: '"Content Creator" cannot be scaled: KEDA needs the address of Redis in the blueprint',
    },
    {
      blueprint: {
        ...withWorker({ queue }),
        cluster: { ...base.cluster, target: { ...base.cluster.target, redis: "redis://cache.example.com:6379" } },
      },
      target: "kubernetes",
      message: "network.egress is set, and no rule lets agents reach Redis at cache.example.com:6379",
    },
    {
      blueprint: {
        ...withWorker({ queue }),
        cluster: { ...base.cluster, target: { ...base.cluster.target, redis: "redis://user:hunter22@redis:6379" } },
      },
      target: "kubernetes",
      message: "cluster.target.redis cannot be used: it contains a password",
    },
    {
      blueprint: {
        ...base,
        gpuPools:
          pool === undefined ? [] : [{ ...pool, nodes: { min: 1, max: 2 }, spot: { baseOnDemand: 0, fallback: [] } }],
      },
      target: "kubernetes",
      message: 'GPU pool "t4" cannot be provided: Karpenter keeps no minimum of nodes',
    },
    {
      blueprint: { ...base, gpuPools: pool === undefined ? [] : [{ ...pool, gpusPerNode: 3 }] },
      target: "aws",
      message:
        'GPU pool "t4" cannot be provided: no AWS instance type has 3 nvidia-t4 and room for its agents\' CPU and memory',
    },
    {
      blueprint: withWorker({ resources: { ...worker.resources, gpuPool: "a100" } }),
      target: "kubernetes",
      message: '"Content Creator" requests a GPU of pool "a100", which does not exist',
    },
    {
      blueprint: withWorker({ resources: { ...worker.resources, gpuProfile: "1g.5gb" } }),
      target: "kubernetes",
      message: '"Content Creator" requests slices of 1g.5gb, and pool "t4" has whole GPUs',
    },
    {
      blueprint: { ...withWorker({ secrets: ["NONE"] }) },
      target: "kubernetes",
      message: '"Content Creator" uses secret "NONE", which does not exist',
    },
    {
      blueprint: {
        ...withCluster({ network: { ...base.cluster.network, egress: undefined } }),
        gpuPools: [],
        agents: [{ ...worker, ...noGpu, secrets: [] }],
      },
      target: "local",
      message: '"Content Creator" is an image, and target local runs processes',
    },
    {
      blueprint: {
        ...withCluster({ network: { ...base.cluster.network, egress: undefined } }),
        gpuPools: [],
        agents: [{ ...worker, ...noGpu, image: { kind: "build", folder: "./agent" }, secrets: [] }],
      },
      target: "kubernetes",
      message: 'the image of "Content Creator" is built from ./agent, and target kubernetes builds none',
    },
  ])("$message", ({ blueprint, target, message }) => {
    const act = () => compile(blueprint, { cluster: "team-1", target });
    expect(act).toThrow(SwarmError);
    expect(act).toThrow(expect.objectContaining({ code: "SW608" }));
    expect(act).toThrow(message);
  });
});
