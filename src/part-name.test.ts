import { expect, test } from "vitest";
import { resourceName } from "./names.ts";
import { partName, shorten } from "./part-name.ts";

test.each([
  { owner: "marketing", part: "egress", max: 63, want: "marketing--egress" },
  { owner: "m".repeat(60), part: "egress", max: 63, want: `${"m".repeat(54)}-` },
  { owner: "m", part: "0", max: 52, want: "m--0" },
])("$owner and $part within $max", ({ owner, part, max, want }) => {
  const name = partName(owner, part, max);
  expect(name.startsWith(want)).toBe(true);
  expect(name.length).toBeLessThanOrEqual(max);
  expect(name).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
});

test("no agent's resource has the name of a part", () => {
  const agents = ["egress", "Egress", "-egress", "e gress"].map((agent) => resourceName(["m", agent]));
  expect(agents).not.toContain(partName("m", "egress"));
});

test("names that are cut alike stay different", () => {
  const long = "m".repeat(80);
  expect(shorten(`${long}a`, 63)).not.toBe(shorten(`${long}b`, 63));
});
