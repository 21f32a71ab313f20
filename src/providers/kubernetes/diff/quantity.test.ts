import { expect, test } from "vitest";
import { holdsQuantity, sameQuantity } from "./quantity.ts";

test.each([
  ["1000m", "1", true],
  ["1Gi", "1024Mi", true],
  ["1e3", "1k", true],
  [1, "1", true],
  ["0.5", "500m", true],
  ["1073741824", "1Gi", true],
  ["1G", "1Gi", false],
  ["1", "2", false],
  ["one", "1", false],
  ["", "0", false],
])("§4 quantities: %s is %s: %s", (one, other, want) => {
  expect(sameQuantity(one, other)).toBe(want);
});

test.each([
  ["spec.template.spec.containers[0].resources.limits.cpu", true],
  ['spec.hard["requests.nvidia.com/gpu"]', true],
  ["spec.limits[0].default.memory", true],
  ["spec.capacity.storage", true],
  ["spec.template.spec.volumes[0].emptyDir.sizeLimit", true],
  ["spec.metrics[0].resource.target.averageValue", true],
  ["data.limits.cpu", false],
  ["metadata.labels.cpu", false],
  ["spec.replicas", false],
  ["spec.template.spec.containers[0].env[0].value", false],
])("%s holds a quantity: %s", (path, want) => {
  expect(holdsQuantity(path)).toBe(want);
});
