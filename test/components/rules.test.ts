import { beforeAll, describe, expect, test } from "vitest";
import type { TargetKind } from "../../src/blueprint/model.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { type Recorded, runPlan } from "./mock-stack.ts";
import { planted, plantSecrets } from "./planted.ts";
import { at, checkReferences } from "./references.ts";
import { compileSample, type Sample, sampleNamed, samples } from "./shipped.ts";

const pods = new Set(["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"]);

beforeAll(plantSecrets);

function planOf(sample: Sample, target: TargetKind, cluster = sample.name): Plan | undefined {
  const compiled = compileSample(sample, target, { cluster });
  return "plan" in compiled ? compiled.plan : undefined;
}

function requirePlan(name: string, target: TargetKind, cluster?: string): Plan {
  const plan = planOf(sampleNamed(name), target, cluster);
  if (plan === undefined) throw new TypeError(`${name} does not compile for ${target}`);
  return plan;
}

/** Container settings that expose parts of the host. */
const hostParts: readonly string[] = [
  ...["privileged", "devices", "volumes", "ports", "publishAllPorts", "hosts", "groupAdds", "cgroupParent"],
  ...["pidMode", "ipcMode", "usernsMode", "cgroupnsMode", "sysctls"],
];

const fixtures = { folder: sampleNamed("everything").folder };

describe("counts", () => {
  test("a workload starts with the desired replicas, which a Scale, an HPA or a ScaledObject then owns", async () => {
    for (const sample of samples()) {
      const plan = planOf(sample, "kubernetes");
      if (plan === undefined) continue;
      const { resources, counts: desired } = await runPlan(plan, { folder: sample.folder });
      for (const agent of plan.agents.filter(({ shape }) => shape !== "single")) {
        const workloads = resources.filter(({ type, name }) => pods.has(type) && name === agent.resource);
        const counters = resources.filter((resource) => counts(resource, agent.resource));
        expect(
          workloads.map(({ inputs, ignoreChanges }) => [at(inputs, "spec", "replicas"), ignoreChanges]),
          agent.resource,
        ).toEqual([[desired[agent.key], ["spec.replicas"]]]);
        expect(counters.length, agent.resource).toBe(1);
      }
    }
  });

  test("the desired replicas reach Scale, StatefulSets per instance and containers", async () => {
    const on = async (target: "kubernetes" | "docker", desired: Record<string, number>) => {
      const plan = requirePlan(target === "docker" ? "everything-docker" : "everything", target);
      return (await runPlan(plan, { ...fixtures, counts: desired })).resources;
    };
    const pod = await on("kubernetes", { boss: 1, ordered: 2, single: 3, "by-hpa": 1 });
    expect(names(pod, "kubernetes:apps/v1:StatefulSet")).toEqual([
      "everything--api",
      "everything-ordered",
      "everything-single--0",
      "everything-single--1",
      "everything-single--2",
    ]);
    expect(pod.find(({ name }) => name === "everything-ordered--scale")?.inputs.replicas).toBe(2);
    const containers = await on("docker", { boss: 1, single: 2, pair: 1, one: 0 });
    expect(names(containers, "docker:index/container:Container")).toEqual([
      "everything-docker--api",
      "everything-docker--egress",
      "everything-docker--files",
      "everything-docker--owner-0",
      "everything-docker-boss-0",
      "everything-docker-pair-0",
      "everything-docker-single--secrets",
      "everything-docker-single-0",
      "everything-docker-single-1",
    ]);
  });

  test("a preview shows resources that depend on the counts", async () => {
    const shown = await runPlan(requirePlan("everything-docker", "docker"), { ...fixtures, preview: true });
    expect(names(shown.resources, "docker:index/container:Container")).toContain("everything-docker-single-1");
  });

  test("volumes of docker instances do not depend on the counts", async () => {
    const plan = requirePlan("everything-docker", "docker");
    const volumes = async (desired: Record<string, number>) =>
      names((await runPlan(plan, { ...fixtures, counts: desired })).resources, "docker:index/volume:Volume");
    expect(await volumes({ boss: 0 })).toEqual(await volumes({ boss: 1, single: 3, pair: 2, one: 2 }));
  });

  test("a hibernated docker cluster has only containers that never start; at wake-up, superiors start first", async () => {
    const plan = requirePlan("everything-docker", "docker");
    const containers = async (change = {}) => {
      const { resources } = await runPlan(plan, { ...fixtures, counts: { boss: 1, single: 2, pair: 1 }, change });
      return resources.filter(({ type }) => type === "docker:index/container:Container");
    };
    const asleep = await containers({ power: "hibernated" });
    expect(asleep.map(({ inputs }) => inputs.start)).toEqual(asleep.map(() => false));

    const awake = await containers({ power: "active" });
    const neededBy = (wanted: string, among = awake) => {
      const { dependencies = [] } = among.find(({ name }) => name === wanted) ?? {};
      const instances = dependencies.map((urn) => urn.split("::").at(-1) ?? "");
      return instances.filter((name) => /-(boss|single|pair)-\d$/.test(name)).sort();
    };
    expect(neededBy("everything-docker-boss-0")).toEqual([]);
    expect(neededBy("everything-docker-single-1")).toEqual(["everything-docker-boss-0"]);
    expect(neededBy("everything-docker-pair-0")).toEqual(["everything-docker-single-0", "everything-docker-single-1"]);
    expect(neededBy("everything-docker-pair-0", await containers())).toEqual([]);
  });
});

describe("isolation", () => {
  test.each([
    "docker",
    "kubernetes",
    "aws",
  ] as const)("two clusters of one blueprint share no physical name on %s", async (target) => {
    const sample = target === "docker" ? "everything-docker" : "everything";
    const [a, b] = [
      await physical(requirePlan(sample, target, "blue")),
      await physical(requirePlan(sample, target, "green")),
    ];
    expect(a.length).toBeGreaterThan(10);
    expect(a.filter((name) => b.includes(name))).toEqual([]);
  });

  test("no docker container has privileges, folders, devices, ports or namespaces of the host, or a secret in docker inspect", async () => {
    const plan = requirePlan("everything-docker", "docker");
    const { resources } = await runPlan(plan, { ...fixtures, counts: { boss: 1, single: 1, pair: 2, one: 2 } });
    const containers = resources.filter(({ type }) => type === "docker:index/container:Container");
    expect(containers.length).toBeGreaterThan(6);
    for (const { name, inputs } of containers) {
      const { uploads: _files, ...inspected } = inputs;
      const mounts = Array.isArray(inputs.mounts) ? inputs.mounts.map(({ type }) => type) : [];
      const starts = inputs.start !== false;
      const rights = Object.keys(inputs).filter((key) => hostParts.includes(key));
      expect({ name, rights, other: mounts.filter((type) => type !== "volume") }).toEqual({
        name,
        rights: [],
        other: [],
      });
      expect(inputs).toMatchObject(
        starts
          ? {
              user: expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/),
              readOnly: true,
              capabilities: { drops: ["ALL"] },
              securityOpts: ["no-new-privileges:true"],
            }
          : { mustRun: false, networkMode: "none" },
      );
      // The engine's own word for a secret, wherever it came from.
      expect(JSON.stringify(inspected), name).not.toContain("[secret]");
      for (const value of planted()) {
        for (const form of [value, Buffer.from(value).toString("base64")])
          expect(JSON.stringify(inspected)).not.toContain(form);
      }
    }
  });

  test("where egress is confined only the proxy of a docker host is in a network with a way out", async () => {
    const plan = requirePlan("everything-docker", "docker");
    const { resources } = await runPlan(plan, { ...fixtures, counts: { boss: 1, single: 1, pair: 1, one: 1 } });
    const ways = resources.filter(({ type }) => type === "docker:index/network:Network");
    expect(Object.fromEntries(ways.map(({ name, inputs }) => [name, inputs.internal]))).toEqual({
      "everything-docker": true,
      "everything-docker--outside": false,
    });
    const outside = resources.filter(({ type, inputs }) => {
      return (
        type === "docker:index/container:Container" && JSON.stringify(inputs).includes("everything-docker--outside")
      );
    });
    expect(outside.map(({ name }) => name)).toEqual(["everything-docker--egress"]);
  });

  test("no name exceeds the limit of its target, whatever the cluster's name", async () => {
    const plan = requirePlan("everything", "kubernetes", `Cluster of ${"a very long name ".repeat(9)}`);
    const { resources } = await runPlan(plan, fixtures);
    const given = resources.map(({ inputs, type }) => [type, String(at(inputs, "metadata", "name") ?? "")] as const);
    const tooLong = given.filter(([type, name]) => name.length > (type.endsWith(":StatefulSet") ? 52 : 63));
    expect(tooLong).toEqual([]);
    expect(new Set(resources.map(({ type, name }) => `${type} ${name}`)).size).toBe(resources.length);
  });

  test("no two instances of a docker host share a GPU", async () => {
    const plan = requirePlan("everything-docker", "docker");
    const { resources } = await runPlan(plan, { ...fixtures, counts: { boss: 1, single: 1, pair: 2, one: 2 } });
    const devices = resources.flatMap(({ inputs }) => String(inputs.gpus ?? "").match(/\d+/g) ?? []);
    expect(devices.sort()).toEqual(["0", "1", "2", "3", "4", "5"]);
  });
});

describe("inputs", () => {
  test("a transform overrides the arguments of a child", async () => {
    const plan = requirePlan("everything", "kubernetes");
    const transform = { namespace: () => ({ metadata: { name: "everything", labels: { team: "a" } } }) };
    const { resources } = await runPlan(plan, { ...fixtures, transform });
    const namespace = resources.find(({ type }) => type === "kubernetes:core/v1:Namespace");
    expect(at(namespace?.inputs, "metadata", "labels")).toEqual({ team: "a" });
  });
});

test("the reference checker finds missing objects", async () => {
  const { resources } = await runPlan(requirePlan("everything", "kubernetes"), fixtures);
  const without = (type: string) => checkReferences(resources.filter((resource) => resource.type !== type));
  const kinds = ["Namespace", "ServiceAccount", "ConfigMap", "Secret", "PersistentVolumeClaim", "Service"];
  for (const kind of kinds) {
    expect(without(`kubernetes:core/v1:${kind}`), kind).toContainEqual(
      expect.stringMatching(new RegExp(`: ${kind} everything\\S* does not exist$`)),
    );
  }
  expect(without("kubernetes:scheduling.k8s.io/v1:PriorityClass").length).toBeGreaterThan(0);
  expect(without("kubernetes:apps/v1:Deployment")).toContainEqual(expect.stringContaining("selects no pods"));
  expect(without("kubernetes:apps/v1:Deployment")).toContainEqual(
    expect.stringContaining("Deployment everything-by-hpa does not exist"),
  );
});

test("the order of an update: the namespace first, a count after its workload", async () => {
  const { resources } = await runPlan(requirePlan("everything", "kubernetes"), fixtures);
  const workload = resources.find(({ name, type }) => name === "everything-on-gpu" && pods.has(type));
  const scale = resources.find(({ name }) => name === "everything-on-gpu--scale");
  expect(workload?.dependencies.some((urn) => urn.includes(":Namespace::"))).toBe(true);
  expect(scale?.dependencies.some((urn) => urn.includes(":Deployment::everything-on-gpu"))).toBe(true);
  const aws = (await runPlan(requirePlan("everything", "aws"), fixtures)).resources;
  const pool = aws.find(({ type }) => type === "kubernetes:karpenter.sh/v1:NodePool");
  expect(pool?.dependencies.some((urn) => urn.includes(":NodeClass::"))).toBe(true);
  const cluster = aws.find(({ type }) => type === "aws:eks/cluster:Cluster");
  expect(cluster?.dependencies.some((urn) => urn.includes("route:Route::everything--private"))).toBe(true);
});

function counts({ type, inputs }: Recorded, workload: string): boolean {
  if (type === "swarmstack:index:Scale") return inputs.name === workload && inputs.autoscaled === false;
  return at(inputs, "spec", "scaleTargetRef", "name") === workload;
}

function names(resources: readonly Recorded[], type: string): readonly string[] {
  return resources.filter((resource) => resource.type === type).map(({ name }) => name);
}

/** Names that must be unique on a target: of cluster-wide kinds, of objects with their namespace, and of docker. */
async function physical(plan: Plan): Promise<readonly string[]> {
  const { resources } = await runPlan(plan, fixtures);
  // The cluster is new, so objects in its own kube-system conflict with no other cluster.
  const own = plan.platform.kind === "aws" ? "kube-system" : "";
  return resources.flatMap(({ type, inputs }) => {
    const namespace = at(inputs, "metadata", "namespace") ?? "";
    const name = at(inputs, "metadata", "name") ?? inputs.name;
    const image = type === "docker:index/remoteImage:RemoteImage";
    return name === undefined || image || (own !== "" && namespace === own) ? [] : [`${type} ${namespace}/${name}`];
  });
}
