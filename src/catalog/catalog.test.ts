import { expect, test } from "vitest";
import { awsGpuCounts, awsInstances, awsInstancesFor } from "./aws-instances.ts";
import { findGpu, gpuNames } from "./gpus.ts";
import { priceOfInstance, readPriceBook, shippedPrices } from "./price-book.ts";

test("names of instances and products are unique", () => {
  const names = awsInstances.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const products = gpuNames.flatMap((name) => findGpu(name)?.products ?? []);
  expect(new Set(products).size).toBe(products.length);
});

test("no instance type has a fraction of a GPU", () => {
  expect(awsInstances.filter(({ gpus }) => !Number.isInteger(gpus) || gpus < 1)).toEqual([]);
});

test("slices of a profile fit into the memory of the GPU", () => {
  for (const name of gpuNames) {
    const gpu = findGpu(name);
    for (const [profile, slices] of Object.entries(gpu?.migProfiles ?? {})) {
      const [, parts = 0, memory = 0] = (/^(\d)g\.(\d+)gb$/.exec(profile) ?? []).map(Number);
      // The memory in the name of a profile is rounded up.
      expect(slices * memory, `${name} ${profile}`).toBeLessThanOrEqual((gpu?.memoryGib ?? 0) + slices);
      expect(slices * parts, `${name} ${profile}`).toBeLessThanOrEqual(7);
    }
  }
});

test("finds the instance types of a request, the smallest first", () => {
  expect(awsInstancesFor("nvidia-h100", 8).map(({ name }) => name)).toEqual(["p5.48xlarge"]);
  expect(awsInstancesFor("nvidia-t4", 1)[0]?.name).toBe("g4dn.xlarge");
  expect(awsGpuCounts("nvidia-l4")).toEqual([1, 4, 8]);
  expect(awsGpuCounts("nvidia-a30")).toEqual([]);
});

test("the shipped prices refer to existing instance types and name their source", () => {
  const names = new Set(awsInstances.map(({ name }) => name));
  expect(Object.keys(shippedPrices.instances).filter((name) => !names.has(name))).toEqual([]);
  expect(shippedPrices.source).toContain("us-east-1");
});

test("an instance type without a price is unpriced", () => {
  expect(priceOfInstance(shippedPrices, "g4dn.xlarge")).toEqual({ kind: "priced", usdPerHour: 0.526 });
  expect(priceOfInstance(shippedPrices, "p5.48xlarge")).toEqual({ kind: "unpriced", what: "p5.48xlarge" });
  expect(priceOfInstance(shippedPrices, "constructor")).toEqual({ kind: "unpriced", what: "constructor" });
});

test("a price of zero is refused", () => {
  expect(() => readPriceBook({ ...shippedPrices, gpus: { "nvidia-h100": 0 } })).toThrow();
});
