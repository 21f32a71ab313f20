import { expect, test } from "vitest";
import { describeOwner, isOwn, owned } from "./owner.ts";

const urn = "urn:pulumi:dev::swarmstack::swarmstack:index:AgentCluster$kubernetes:core/v1:ConfigMap::conf";
const owner = { urn, provider: "6b0c" };

test.each([
  ["its own", true, owned({}, owner)],
  ["another stack's with the same names", false, owned({}, { urn, provider: "77aa" })],
  ["another resource's", false, owned({}, { ...owner, urn: `${urn}2` })],
  ["without an owner", false, { metadata: { name: "conf" } }],
])("§3 exists already: an object that is %s is own: %s", (_title, want, object) => {
  expect(isOwn(object, owner)).toBe(want);
});

test("an owner is described by its stack, or by its first field manager", () => {
  expect(describeOwner(owned({}, owner))).toBe(
    "it belongs to stack dev of project swarmstack (resource conf, kubernetes:core/v1:ConfigMap)",
  );
  const managedFields = [
    { manager: "later", time: "2026-02-01T00:00:00Z" },
    { manager: "kubectl-create", time: "2026-01-01T00:00:00Z" },
  ];
  expect(describeOwner({ metadata: { creationTimestamp: "2026-01-01T00:00:00Z", managedFields } })).toBe(
    'it belongs to no stack and was created by "kubectl-create" at 2026-01-01T00:00:00Z',
  );
});
