import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/plan/plan.ts";
import { compareWithGolden } from "./golden-file.ts";
import { type Recorded, runPlan } from "./mock-stack.ts";
import { planted, plantSecrets } from "./planted.ts";
import { checkReferences } from "./references.ts";
import { type Compiled, compileSample, type Sample, sampleNamed, samples, targetsUnderTest } from "./shipped.ts";

beforeAll(plantSecrets);

describe.each(samples())("$name", (sample) => {
  test.each(targetsUnderTest)("on %s matches its golden file, and its references resolve", (target) =>
    check(sample, compileSample(sample, target), `${sample.name}.${target}.json`));
});

test("everything on managed nodes in existing subnets", async () => {
  const sample = sampleNamed("everything");
  const aws = { compute: "managed", subnetIds: ["subnet-a", "subnet-b"] } as const;
  await check(sample, compileSample(sample, "aws", { aws }), "everything.aws-managed.json");
});

async function check(sample: Sample, compiled: Compiled, file: string): Promise<void> {
  if ("refused" in compiled) {
    compareWithGolden(file, { refused: [...compiled.refused] });
    return;
  }
  const { resources } = await runPlan(compiled.plan, { folder: sample.folder });
  compareWithGolden(file, resources.map(golden));
  expect(checkReferences(resources, present(compiled.plan))).toEqual([]);
  // PersistentVolumeClaims, volumes, nodes and load balancers that controllers create are not in the state: deleting
  // their owner removes them.
  expect(resources.filter(({ deletedWith }) => deletedWith !== "")).toEqual([]);
  const text = JSON.stringify([compiled.plan, resources]);
  expect(planted().filter((secret) => text.includes(secret) || text.includes(base64(secret)))).toEqual([]);
  const foreign = resources.filter(({ name }) => !name.startsWith(compiled.plan.cluster));
  expect(foreign).toEqual([]);
}

function present({ platform }: Plan): readonly string[] {
  return platform.kind === "kubernetes" && !platform.namespace.ours ? [`Namespace ${platform.namespace.name}`] : [];
}

function golden({ type, name, inputs }: Recorded) {
  return { type, name, inputs };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
