import type { KubernetesObject } from "@kubernetes/client-node";
import { beforeAll, expect, test } from "vitest";
import { type Recorded, runPlan } from "../components/mock-stack.ts";
import { plantSecrets } from "../components/planted.ts";
import { compileSample, sampleNamed, samples } from "../components/shipped.ts";
import { useControlPlane } from "../support/servers/control-plane.ts";

const plane = useControlPlane({}, async (started) => {
  for (const source of ["cilium", "karpenter", "keda"] as const) await started.applyCrds(source);
  return undefined;
});

beforeAll(plantSecrets);

/** A kind of Amazon's clusters without a published definition. */
const unpublished = "eks.amazonaws.com/v1";

/** The features that only Amazon's clusters have. */
const onAws = ["everything", "gpu-inference"];

const cases = [
  ...samples().map((sample) => ({ sample, target: "kubernetes" as const })),
  ...onAws.map((name) => ({ sample: sampleNamed(name), target: "aws" as const })),
];

test.each(cases)("the API server accepts every object of $sample.name on $target", async ({ sample, target }) => {
  const compiled = compileSample(sample, target);
  if ("refused" in compiled) return;
  const { resources } = await runPlan(compiled.plan, { folder: sample.folder });
  const objects = resources.filter(isObject).map(objectOf);
  expect(objects.length).toBeGreaterThan(0);
  await plane().apply(namespacesOf(objects));
  const taken = objects.filter(({ apiVersion }) => apiVersion !== unpublished);
  expect(await plane().tryOut(taken)).toEqual([]);
});

test("an unknown field is refused", async () => {
  const unknown = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "default" }, dada: {} };
  expect(await plane().tryOut([unknown])).toEqual([expect.stringContaining('unknown field "dada"')]);
});

/** The stack's namespaces, and those that must exist. */
function namespacesOf(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const names = new Set(objects.flatMap(({ metadata }) => metadata?.namespace ?? []));
  return [...names].map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
}

function isObject({ type, inputs }: Recorded): boolean {
  return type.startsWith("kubernetes:") && typeof inputs.kind === "string";
}

function objectOf({ inputs }: Recorded): KubernetesObject {
  // The mocks hide secrets.
  return (inputs.kind === "Secret" ? { ...inputs, stringData: {} } : inputs) as KubernetesObject;
}
