import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TargetKind } from "../../../src/blueprint/model.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { diffObject } from "../../../src/providers/kubernetes/diff/diff-object.ts";
import { mergeStringData } from "../../../src/providers/kubernetes/inputs/check.ts";
import { type Recorded, runPlan } from "../../components/mock-stack.ts";
import { plantSecrets } from "../../components/planted.ts";
import { compileSample, sampleNamed, samples } from "../../components/shipped.ts";
import { useControlPlane } from "../../support/servers/control-plane.ts";
import { differences } from "./differences.ts";
import { edges, editedBlueprints, planOf, type Variant } from "./variants.ts";

const plane = useControlPlane({}, async (started) => {
  for (const source of ["cilium", "karpenter", "keda"] as const) await started.applyCrds(source);
  return undefined;
});

const folder = mkdtempSync(join(tmpdir(), "swarm-as-sent-"));

beforeAll(() => {
  plantSecrets();
  process.env.SWARM_TEST_OTHER_KEY = "another";
  mkdirSync(join(folder, "nothing"));
  writeFileSync(join(folder, "empty.md"), "");
  for (const bundle of ["brand", "other"]) {
    mkdirSync(join(folder, bundle));
    writeFileSync(join(folder, bundle, "tone.md"), "Plain words.");
  }
  for (const name of ["token.txt", "other-token.txt"]) writeFileSync(join(folder, name), "value\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Sent = KubernetesObject & Record<string, unknown>;

/** A kind of Amazon's clusters without a published definition. */
const unpublished = "eks.amazonaws.com/v1";

/** The features that only Amazon's clusters have. */
const onAws = ["everything", "gpu-inference"];

const cases: readonly { readonly name: string; readonly target: TargetKind }[] = [
  ...samples().map(({ name }) => ({ name, target: "kubernetes" as const })),
  ...onAws.map((name) => ({ name, target: "aws" as const })),
];

describe("objects of the shipped blueprints, and of those that use every feature, come back as they were sent", () => {
  test.each(cases)("$name on $target", async ({ name, target }) => {
    const sample = sampleNamed(name);
    const compiled = compileSample(sample, target, { cluster: `${name}-${target}` });
    if ("refused" in compiled) return;
    const objects = await emitted(compiled.plan, sample.folder);
    expect(objects.length).toBeGreaterThan(0);
    expect(await comeBackOtherwise(objects)).toEqual([]);
  });

  test("everything on managed nodes", async () => {
    const sample = sampleNamed("everything");
    const aws = { compute: "managed", subnetIds: ["subnet-a", "subnet-b"] } as const;
    const compiled = compileSample(sample, "aws", { cluster: "managed", aws });
    if ("refused" in compiled) throw new Error(compiled.refused.join(", "));
    expect(await comeBackOtherwise(await emitted(compiled.plan, sample.folder))).toEqual([]);
  });

  test("everything while it hibernates", async () => {
    const sample = sampleNamed("everything");
    const compiled = compileSample(sample, "kubernetes", { cluster: "asleep" });
    if ("refused" in compiled) throw new Error(compiled.refused.join(", "));
    const change = { power: "hibernated" } as const;
    expect(await comeBackOtherwise(await emitted(compiled.plan, sample.folder, change))).toEqual([]);
  });
});

test.each(edges)("$title: objects come back as they were sent", async (variant) => {
  const plan = planOf(variant, `edge-${edges.indexOf(variant)}`);
  if ("refused" in plan) expect(plan.refused).toMatch(new RegExp(`^${variant.refused}`));
  else expect(await comeBackOtherwise(await emitted(plan, folder))).toEqual([]);
});

test("objects of each edited blueprint come back as they were sent", async () => {
  const seen = new Set<string>();
  const fresh: Sent[] = [];
  for (const [index, variant] of editedBlueprints().entries()) {
    const cluster = `edit-${index}`;
    const objects = await emitted(planned(variant, cluster), folder);
    fresh.push(...objects.filter((object) => isNew(object, cluster)));
  }
  expect(await comeBackOtherwise(fresh)).toEqual([]);

  function isNew(object: Sent, cluster: string): boolean {
    const content = JSON.stringify(object).replaceAll(new RegExp(`\\b${cluster}\\b`, "g"), "NAME");
    if (seen.has(content)) return false;
    seen.add(content);
    return true;
  }
});

test("an unknown field is refused", async () => {
  const unknown = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "default" }, dada: {} };
  await expect(comeBackOtherwise([unknown])).rejects.toThrow('unknown field "dada"');
});

test("what the server drops or writes anew is found", async () => {
  const metadata = { name: "dropped", namespace: "default" };
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata, rules: [] };
  const limits = [{ type: "Container", default: { cpu: "1000m" } }];
  const range = { apiVersion: "v1", kind: "LimitRange", metadata, spec: { limits } };
  expect(await comeBackOtherwise([role, range])).toEqual([
    "Role dropped: rules: sent [], came back as null",
    "Role dropped: its diff shows rules",
    'LimitRange dropped: spec.limits[0].default.cpu: sent "1000m", came back as "1"',
  ]);
});

function planned(variant: Variant, cluster: string): Plan {
  const plan = planOf(variant, cluster);
  if ("refused" in plan) throw new Error(`${variant.title}: ${plan.refused}`);
  return plan;
}

/** The objects of a plan, as both Kubernetes providers send them. */
async function emitted(plan: Plan, files: string, change?: { power: "hibernated" }): Promise<readonly Sent[]> {
  const { resources } = await runPlan(plan, { folder: files, ...(change && { change }) });
  return resources
    .filter(isObject)
    .map(({ inputs }) => mergeStringData(withValues(inputs)) as Sent)
    .filter(({ apiVersion }) => apiVersion !== unpublished);
}

/** The mocks hide secrets. */
function withValues(inputs: Recorded["inputs"]): Record<string, unknown> {
  return inputs.kind === "Secret" ? { ...inputs, stringData: { A_SECRET: "its value" } } : { ...inputs };
}

function isObject({ type, inputs }: Recorded): boolean {
  return type.startsWith("kubernetes:") && typeof inputs.kind === "string";
}

/**
 * Creates objects, reads them, and returns each place that differs; also what the plugin would change of them at the next update,
 * in a state of its own and in one that a refresh of the official provider has written.
 */
async function comeBackOtherwise(objects: readonly Sent[]): Promise<readonly string[]> {
  if (objects.length === 0) return [];
  const own = new Set(objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata?.name));
  const needed = new Set(objects.flatMap(({ metadata }) => metadata?.namespace ?? []));
  const namespaces = [...needed].filter((name) => !own.has(name));
  if (namespaces.length > 0)
    await plane().apply(namespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })));
  const ordered = objects.toSorted((a, b) => Number(b.kind === "Namespace") - Number(a.kind === "Namespace"));
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: ordered });
  await plane().runKubectl(["create", "--validate=strict", "-f", "-"], list);
  const answer = JSON.parse(await plane().runKubectl(["get", "-f", "-", "-o", "json"], list)) as { items?: Sent[] };
  const items = answer.items ?? [answer as Sent];
  return ordered.flatMap((sent, index) => {
    const back = items[index] ?? {};
    const named = (text: string) => `${sent.kind} ${sent.metadata?.name}: ${text}`;
    return [
      ...differences(sent, back).map(named),
      ...changesOf(sent, back).map((path) => named(`its diff shows ${path}`)),
    ];
  });
}

function changesOf(sent: Sent, live: Record<string, unknown>): readonly string[] {
  const mutable = { configMaps: true, secrets: true };
  const states = [sent, asRefreshed(sent, live) as Record<string, unknown>];
  const changes = states.flatMap((oldInputs) =>
    Object.keys(diffObject({ live, oldInputs, news: sent, ignoreChanges: [], mutable }).changes),
  );
  return [...new Set(changes)];
}

/** The inputs that the official provider records at a refresh: the live values of what was sent. */
function asRefreshed(sent: unknown, live: unknown): unknown {
  if (Array.isArray(sent) && Array.isArray(live))
    return live.slice(0, sent.length).map((item, index) => asRefreshed(sent[index], item));
  if (typeof sent !== "object" || sent === null || typeof live !== "object" || live === null || Array.isArray(live))
    return live;
  const values = live as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(sent).flatMap(([key, value]) =>
      values[key] == null ? [] : [[key, asRefreshed(value, values[key])]],
    ),
  );
}
