import { beforeAll, describe, expect, test } from "vitest";
import type { PowerState } from "../../src/plan/desired-state.ts";
import { type Recorded, runPlan } from "./mock-stack.ts";
import { plantSecrets } from "./planted.ts";
import { at } from "./references.ts";
import { type Compiled, compileSample, sampleNamed } from "./shipped.ts";

beforeAll(plantSecrets);

/** What a cluster consists of, from its nodes to whoever writes counts by itself. */
const ranks = {
  nodes: ({ type }: Recorded) => type.endsWith(":NodePool") || type === "aws:eks/nodeGroup:NodeGroup",
  servers: ({ name, inputs }: Recorded) => /--(api|egress)$/.test(name) && at(inputs, "spec", "replicas") !== undefined,
  counts: ({ type, name }: Recorded) => type === "swarmstack:index:Scale" || /-single--\d+$/.test(name),
} as const;

interface Cluster {
  readonly sample: string;
  readonly target: "kubernetes" | "aws";
  readonly compute: "auto" | "managed";
}

async function run({ sample: name, target, compute }: Cluster, power: PowerState) {
  const sample = sampleNamed(name);
  const aws = { compute, subnetIds: ["subnet-a", "subnet-b"] };
  const compiled: Compiled = compileSample(sample, target, target === "aws" ? { aws } : {});
  if ("refused" in compiled) throw new Error(compiled.refused.join());
  return (await runPlan(compiled.plan, { folder: sample.folder, change: { power } })).resources;
}

/** URNs of all that comes before a resource. */
function before(resource: Recorded, resources: readonly Recorded[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [...resource.dependencies];
  for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
    if (seen.has(urn)) continue;
    seen.add(urn);
    const [type, name] = urn.split("::").slice(-2);
    const found = resources.find((one) => one.name === name && type?.endsWith(one.type));
    open.push(...(found?.dependencies ?? []));
  }
  return new Set([...seen].map((urn) => urn.split("::").at(-1) ?? ""));
}

function expectAfter(resources: readonly Recorded[], late: keyof typeof ranks, early: keyof typeof ranks): void {
  const earlier = resources.filter(ranks[early]).map(({ name }) => name);
  expect(earlier).not.toEqual([]);
  for (const resource of resources.filter(ranks[late])) {
    const known = before(resource, resources);
    expect(
      earlier.filter((name) => !known.has(name)),
      `${resource.name} waits for ${early}`,
    ).toEqual([]);
  }
}

describe.each([
  { sample: "gpu-inference", target: "kubernetes", compute: "auto" },
  { sample: "everything", target: "aws", compute: "auto" },
  { sample: "everything", target: "aws", compute: "managed" },
] as const)("$sample on $target, $compute", (cluster) => {
  test("falling asleep: counts, then servers, then nodes, of which there are none in the end", async () => {
    const resources = await run(cluster, "hibernated");
    expectAfter(resources, "servers", "counts");
    expectAfter(resources, "nodes", "servers");
    const left = resources.filter(ranks.nodes).map(({ inputs }) => ({
      gpus: at(inputs, "spec", "limits", "nvidia.com/gpu") ?? "0",
      nodes: at(inputs, "scalingConfig", "desiredSize") ?? 0,
      least: at(inputs, "scalingConfig", "minSize") ?? 0,
    }));
    expect(left).toEqual(left.map(() => ({ gpus: "0", nodes: 0, least: 0 })));
    const replicas = resources.filter(ranks.servers).map(({ inputs }) => at(inputs, "spec", "replicas"));
    expect(replicas).toEqual(replicas.map(() => 0));
  });

  test("waking: nodes, then servers, then counts", async () => {
    const resources = await run(cluster, "active");
    expectAfter(resources, "servers", "nodes");
    expectAfter(resources, "counts", "servers");
  });
});
