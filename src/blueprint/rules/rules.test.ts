import { describe, expect, test } from "vitest";
import type { PriceBook } from "../../catalog/price-book.ts";
import { compose, worker } from "../fixtures/compose.fixture.ts";
import { type ParseOptions, parseBlueprint } from "../parse.ts";

const prices: PriceBook = {
  ...{ source: "a test", date: "2026-11-01", region: "us-east-1" },
  instances: { "g5.48xlarge": 16 },
  gpus: { "nvidia-h100": 4 },
};

/** "CODE path: message (remedy)" of each diagnostic; "(?)" marks a warning. */
function said(text: string, options: Partial<ParseOptions> = {}): readonly string[] {
  const { diagnostics } = parseBlueprint(text, { file: "rules.yaml", prices, ...options });
  return diagnostics.map(({ code, severity, path, message, suggestion, fix }) => {
    const remedy = suggestion ?? fix;
    return `${severity === "warning" ? "(?) " : ""}${code} ${path.join(".")}: ${message}${remedy === undefined ? "" : ` (${remedy})`}`;
  });
}

describe("budget", () => {
  interface Case {
    readonly title: string;
    readonly budget: string;
    readonly pool?: string;
    readonly target?: string;
    readonly worker?: string;
    readonly want: readonly string[];
  }
  const a10g = "gpu: nvidia-a10g, gpus_per_node: 8, nodes: 0-2";
  const h100 = "gpu: nvidia-h100, gpus_per_node: 2, nodes: 0-8";
  const two = "count: 2\nresources: { gpu: 8 }";
  const one = "resources: { gpu: 2 }";

  test.each<Case>([
    { title: "what the minimum costs is enough", budget: "max_hourly_usd: 32", pool: a10g, worker: two, want: [] },
    {
      title: "a cent less is not",
      ...{ budget: "max_hourly_usd: 31.99", pool: a10g, worker: two },
      want: ["SW370 cluster.budget.max_hourly_usd: the minimum size costs $32.00 an hour, over the budget of $31.99"],
    },
    {
      title: "a month has 730 hours",
      ...{ budget: "max_monthly_usd: 23359", pool: a10g, worker: two },
      want: [
        "SW370 cluster.budget.max_monthly_usd: the minimum size costs $23360.00 a month, over the budget of $23359",
      ],
    },
    {
      title: "the minimum of nodes counts",
      budget: "max_hourly_usd: 15",
      pool: "gpu: nvidia-a10g, gpus_per_node: 8, nodes: 1-2",
      worker: "count: 0-1\nresources: { gpu: 1 }",
      want: ["SW370 cluster.budget.max_hourly_usd: the minimum size costs $16.00 an hour, over the budget of $15"],
    },
    {
      title: "nothing that runs costs nothing",
      budget: "max_hourly_usd: 1",
      pool: a10g,
      worker: "count: 0-1\nresources: { gpu: 1 }",
      want: [],
    },
    {
      title: "where nodes are there, a GPU has the price",
      target: "kubernetes",
      budget: "max_hourly_usd: 7",
      pool: h100,
      worker: one,
      want: ["SW370 cluster.budget.max_hourly_usd: the minimum size costs $8.00 an hour, over the budget of $7"],
    },
    {
      title: "and so many of them",
      target: "kubernetes",
      budget: "max_hourly_usd: 8",
      pool: h100,
      worker: one,
      want: [],
    },
    {
      title: "what has no price is not judged",
      target: "kubernetes",
      budget: "max_hourly_usd: 1",
      pool: "gpu: nvidia-l4, nodes: 0-2",
      worker: "resources: { gpu: 1 }",
      want: [],
    },
    {
      title: "nor another region",
      target: "{ kind: aws, region: eu-central-1 }",
      budget: "max_hourly_usd: 1",
      pool: a10g,
      worker: two,
      want: [],
    },
    {
      title: "the region of the prices is",
      target: "{ kind: aws, region: us-east-1 }",
      budget: "max_hourly_usd: 1",
      pool: a10g,
      worker: two,
      want: ["SW370 cluster.budget.max_hourly_usd: the minimum size costs $32.00 an hour, over the budget of $1"],
    },
    {
      title: "spot nodes have no price, the base has",
      budget: "max_hourly_usd: 15",
      pool: `${a10g}, spot: { base_on_demand: 1 }`,
      worker: two,
      want: [
        "SW370 cluster.budget.max_hourly_usd: the minimum size costs at least $16.00 an hour, over the budget of $15",
      ],
    },
    { title: "spot alone has none", budget: "max_hourly_usd: 1", pool: `${a10g}, spot: {}`, worker: two, want: [] },
    {
      title: "a base over what runs costs what runs",
      budget: "max_hourly_usd: 15",
      pool: `${a10g}, spot: { base_on_demand: 2 }`,
      worker: "resources: { gpu: 8 }",
      want: ["SW370 cluster.budget.max_hourly_usd: the minimum size costs $16.00 an hour, over the budget of $15"],
    },
  ])("$title", ({ budget, pool, target = "aws", worker: keys = "count: 1", want }) => {
    const text = worker(keys, {
      cluster: `target: ${target}\nbudget: { ${budget} }`,
      top: `gpu_pools:\n  - { name: p, ${pool} }`,
    });
    expect(said(text)).toEqual(want);
  });
});

describe("a budget is not judged where what it pays for cannot be read", () => {
  const priced = "{ name: p, gpu: nvidia-a10g, gpus_per_node: 8, nodes: 0-2 }";

  test.each([
    { title: "the budget", budget: "7", target: "aws", pools: priced, code: "SW203" },
    { title: "the limit", budget: "{ max_hourly_usd: [1] }", target: "aws", pools: priced, code: "SW203" },
    { title: "the target", budget: "{ max_hourly_usd: 1 }", target: "[aws]", pools: priced, code: "SW203" },
    { title: "a GPU", ...hourly("{ name: p, gpu: [x], gpus_per_node: 8, nodes: 0-2 }"), code: "SW203" },
    {
      title: "GPUs of a node",
      ...hourly("{ name: p, gpu: nvidia-a10g, gpus_per_node: [8], nodes: 0-2 }"),
      code: "SW203",
    },
    {
      title: "a number of nodes",
      ...hourly("{ name: p, gpu: nvidia-a10g, gpus_per_node: 8, nodes: [2] }"),
      code: "SW203",
    },
    {
      title: "a profile",
      ...hourly("{ name: p, gpu: nvidia-a10g, gpus_per_node: 8, nodes: 0-2, mig_profile: [1] }"),
      code: "SW203",
    },
  ])("$title", ({ budget, target, pools, code }) => {
    const text = worker("resources: { gpu: 8 }", {
      cluster: `target: ${target}\nbudget: ${budget}`,
      top: `gpu_pools:\n  - ${pools}`,
    });
    expect(said(text).map((line) => line.slice(0, 5))).toEqual([code]);
  });

  test("what has no price makes the cost the least that it can be", () => {
    const text = worker("resources: { gpu: 8, gpu_pool: p }", {
      cluster: "target: aws\nbudget: { max_hourly_usd: 1 }",
      top: `gpu_pools:\n  - ${priced}\n  - { name: q, gpu: nvidia-l4, nodes: 1-2 }`,
    });
    expect(said(text)).toContain(
      "SW370 cluster.budget.max_hourly_usd: the minimum size costs at least $16.00 an hour, over the budget of $1",
    );
  });
});

function hourly(pools: string) {
  return { budget: "{ max_hourly_usd: 1 }", target: "aws", pools };
}

describe("limits and counts", () => {
  test.each([
    { title: "equal limits", cluster: "min_workers: 2\nmax_workers: 2", count: "1" },
    { title: "a minimum as large as the maxima", cluster: "min_workers: 3\nmax_workers: 9", count: "0-2" },
    { title: "a maximum as small as the minima", cluster: "max_workers: 3", count: "2-5" },
  ])("$title fit", ({ cluster, count }) => {
    expect(said(worker(`count: ${count}`, { cluster }))).toEqual([]);
  });

  test("a count that cannot be read leaves the sum open", () => {
    expect(said(worker("count: many", { cluster: "min_workers: 9" })).map((line) => line.slice(0, 5))).not.toContain(
      "SW312",
    );
  });
});

describe("agents whose name or role could not be read", () => {
  test.each([
    {
      title: "an agent without a name",
      text: compose({ agents: "- { role: supervisor }\n- { role: worker, name: W }" }),
      want: [
        'SW202 agents.0.name: the agent has no "name" (add name: a name)',
        'SW302 agents.1.name: "W" has no reports_to; the root is "agent 1" (add reports_to: its superior)',
      ],
    },
    {
      title: "a second root without one",
      text: compose({ agents: "- { role: supervisor, name: A }\n- { role: worker }" }),
      want: [
        'SW202 agents.1.name: the agent has no "name" (add name: a name)',
        'SW302 agents.1.role: "agent 2" has no reports_to; the root is "A" (add reports_to: A)',
      ],
    },
    {
      title: "no superior, as one has no name",
      text: compose({
        agents:
          "- { role: supervisor, name: A }\n- { role: lead, reports_to: A }\n- { role: worker, name: W, reports_to: Gone }",
      }),
      want: ['SW202 agents.1.name: the agent has no "name" (add name: a name)'],
    },
    {
      title: "a role of two without names",
      text: compose({
        agents:
          "- { role: supervisor, name: A }\n- { role: lead, reports_to: A }\n- { role: lead, reports_to: A, name: B }\n- { role: worker, name: W, reports_to: lead }",
      }),
      want: [
        'SW202 agents.1.name: the agent has no "name" (add name: a name)',
        'SW305 agents.3.reports_to: "lead" may be "agent 2" or "B" (write the name of one of them)',
      ],
    },
    {
      title: "reports_to of another type",
      text: compose({ agents: "- { role: supervisor, name: A }\n- { role: worker, name: W, reports_to: [A] }" }),
      want: ["SW203 agents.1.reports_to: expected a role or an agent's name, found a list"],
    },
    {
      title: "an agent that is none, before others",
      text: compose({ agents: "- 7\n- { role: worker, name: B }\n- { role: lead, name: C, reports_to: B }" }),
      want: [
        "SW203 agents.0: expected a map, found number 7",
        'SW306 agents.2.reports_to: "C" is a lead and cannot report to "B", a worker',
      ],
    },
  ])("$title", ({ text, want }) => {
    expect(said(text)).toEqual(want);
  });
});

describe("GPUs", () => {
  const target = { cluster: "target: kubernetes" };
  const defaults = (resources: string, pools: string) => ({
    ...target,
    top: `defaults:\n  resources: { ${resources} }\n${pools}`,
  });
  const none = "gpu_pools: []";
  const many = `gpu_pools:\n${Array.from({ length: 10 }, (_, index) => `  - { name: pool-${index}${"x".repeat(index)}, gpu: nvidia-t4, nodes: 0-1 }`).join("\n")}`;

  test.each([
    {
      title: "a pool of the defaults that is not there",
      text: worker("count: 1", defaults("gpu: 1, gpu_pool: gone", none)),
      want: ['SW340 defaults.resources.gpu_pool: there is no GPU pool "gone" (add it to gpu_pools)'],
    },
    {
      title: "no pools at all",
      text: worker("resources: { gpu: 1, gpu_pool: gone }", target),
      want: ['SW340 agents.1.resources.gpu_pool: there is no GPU pool "gone" (add it to gpu_pools)'],
    },
    {
      title: "the first eight of many pools are named",
      text: worker("resources: { gpu: 1, gpu_pool: zzz }", { ...target, top: many }),
      want: [
        'SW340 agents.1.resources.gpu_pool: there is no GPU pool "zzz" (pools here: pool-0, pool-1x, pool-2xx, pool-3xxx, pool-4xxxx, pool-5xxxxx, pool-6xxxxxx, pool-7xxxxxxx)',
      ],
    },
    {
      title: "a GPU that nothing is like",
      text: worker("resources: { gpu: 1 }", { ...target, top: "gpu_pools:\n  - { name: p, gpu: abacus, nodes: 0-1 }" }),
      want: [
        'SW343 gpu_pools.0.gpu: the catalog has no GPU "abacus" (the catalog has nvidia-b200, nvidia-h200, nvidia-h100, nvidia-a100-80gb, nvidia-a100, nvidia-a30, nvidia-a10g, nvidia-a10, nvidia-l40s, nvidia-l4, nvidia-t4, nvidia-v100)',
      ],
    },
    {
      title: "a fallback that AWS does not have",
      text: worker("resources: { gpu: 1 }", {
        cluster: "target: aws",
        top: "gpu_pools:\n  - { name: p, gpu: nvidia-t4, nodes: 0-1, spot: { fallback: [nvidia-h200] } }",
      }),
      want: ["SW422 gpu_pools.0.spot.fallback.0: no AWS instance type has 1 nvidia-h200: there are types with 8"],
    },
  ])("$title", ({ text, want }) => {
    expect(said(text)).toEqual(want);
  });
});

describe("scaling", () => {
  const hpa = "scaling: { owner: hpa, metric: load_percentage, scale_up_threshold: 80 }\ncount: 1-3";
  const target = { cluster: "target: kubernetes" };

  test.each([
    {
      title: "hpa by CPU without a request",
      text: worker(hpa, target),
      want: [
        'SW404 agents.1.name: hpa measures load against resources.cpu, which "Worker" does not set (add resources: { cpu: 500m })',
      ],
    },
    { title: "a request of its own", text: worker(`${hpa}\nresources: { cpu: 1 }`, target), want: [] },
    {
      title: "a request of the defaults",
      text: worker(hpa, { ...target, top: "defaults:\n  resources: { cpu: 1 }" }),
      want: [],
    },
    {
      title: "defaults that name none",
      text: worker(hpa, { ...target, top: "defaults:\n  resources: { memory: 1Gi }" }),
      want: [
        'SW404 agents.1.name: hpa measures load against resources.cpu, which "Worker" does not set (add resources: { cpu: 500m })',
      ],
    },
    {
      title: "defaults without resources",
      text: worker(hpa, { ...target, top: "defaults:\n  env: { A: b }" }),
      want: [
        'SW404 agents.1.name: hpa measures load against resources.cpu, which "Worker" does not set (add resources: { cpu: 500m })',
      ],
    },
    {
      title: "defaults that cannot be read",
      text: worker(hpa, { ...target, top: "defaults: 7" }),
      want: ["SW203 defaults: expected a map, found number 7"],
    },
    {
      title: "resources of the defaults that cannot be read",
      text: worker(hpa, { ...target, top: "defaults:\n  resources: 7" }),
      want: ["SW203 defaults.resources: expected a map, found number 7"],
    },
    {
      title: "down over the default of up",
      text: worker("count: 1-3\nscaling: { metric: load_percentage, scale_down_threshold: 95 }"),
      want: [
        "SW330 agents.1.scaling.scale_down_threshold: scale_down_threshold (95 %) is not under scale_up_threshold (80 %)",
      ],
    },
    {
      title: "up under the default of down",
      text: worker("count: 1-3\nscaling: { metric: idle_agents, scale_up_threshold: 9, scale_down_threshold: 2 }"),
      want: [
        "SW330 agents.1.scaling.scale_down_threshold: scale_down_threshold (2 %) is not over scale_up_threshold (9 %)",
      ],
    },
    {
      title: "times",
      text: worker(
        "count: 1-3\nscaling: { metric: avg_response_time, scale_up_threshold: 2 seconds, scale_down_threshold: 3 seconds }",
      ),
      want: [
        "SW330 agents.1.scaling.scale_down_threshold: scale_down_threshold (3 seconds) is not under scale_up_threshold (2 seconds)",
      ],
    },
    {
      title: "a time without a unit",
      text: worker("count: 1-3\nscaling: { metric: avg_response_time, scale_up_threshold: 2 }"),
      want: [
        'SW331 agents.1.scaling.scale_up_threshold: 2 is not a threshold of avg_response_time: expected a duration such as "5 seconds" (2 seconds)',
      ],
    },
    {
      title: "a share that is none",
      text: worker("count: 1-3\nscaling: { metric: load_percentage, scale_up_threshold: many }"),
      want: [
        "SW331 agents.1.scaling.scale_up_threshold: many is not a threshold of load_percentage: expected a percentage from 0 to 100",
      ],
    },
  ])("$title", ({ text, want }) => {
    expect(said(text)).toEqual(want);
  });
});

describe("network and secrets", () => {
  const egress = "egress: ['10.0.0.0/8']";

  test.each([
    {
      title: "local confines nothing",
      text: compose({ cluster: `network: { ${egress} }` }),
      want: [
        "SW411 cluster.network.egress: target local cannot enforce egress rules (choose another target, or set enforce: false)",
      ],
    },
    {
      title: "which the blueprint can accept",
      text: compose({ cluster: `network: { ${egress}, enforce: false }` }),
      want: ["(?) SW411 cluster.network.egress: target local cannot enforce egress rules"],
    },
    {
      title: "and not by a value that cannot be read",
      text: compose({ cluster: `network: { ${egress}, enforce: maybe }` }),
      want: ['SW203 cluster.network.enforce: expected true or false, found text "maybe"'],
    },
    {
      title: "a secret that is used by no agent",
      text: compose({ top: "secrets: { A: { env: A } }" }),
      want: ['(?) SW363 secrets.A: no agent uses secret "A"'],
    },
    {
      title: "unless an agent's list cannot be read",
      text: worker("secrets: 7", { top: "secrets: { A: { env: A } }" }),
      want: ["SW203 agents.1.secrets: expected a list, found number 7"],
    },
    {
      title: "or an entry of it",
      text: worker("secrets: [[7]]", { top: "secrets: { A: { env: A } }" }),
      want: ["SW203 agents.1.secrets.0: expected the name of a secret, found a list"],
    },
  ])("$title", ({ text, want }) => {
    expect(said(text)).toEqual(want);
  });
});

test("another target than the file's is judged by what it can do, without the file's settings", () => {
  const text = compose({ cluster: "target: { kind: aws, region: eu-central-1 }\nnetwork: { provider: cilium }" });
  expect(said(text)).toEqual([]);
  expect(said(text, { target: "docker" })).toEqual([
    "SW412 cluster.network.provider: provider cilium needs Kubernetes, and the target is docker",
  ]);
});
