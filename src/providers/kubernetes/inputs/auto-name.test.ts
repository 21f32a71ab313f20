import { expect, test } from "vitest";
import type { Autonaming } from "../../base/resource.ts";
import { withName } from "./auto-name.ts";

const seed = new Uint8Array([1, 2, 3]);
const object = (metadata: object) => ({ kind: "ConfigMap", metadata: metadata as Record<string, unknown> });
const autonamed = { annotations: { "pulumi.com/autonamed": "true" } };
const source = { resource: "conf", olds: undefined, seed, autonaming: undefined };
const name = (inputs: Record<string, unknown>) => (inputs.metadata as Record<string, unknown>).name;

test("a name that the program gives stays as it is, whatever its spelling", () => {
  const given = object({ name: "UPPER_Case" });
  expect(withName(given, source)).toBe(given);
});

test("§2 auto-naming: an automatic name has eight hex digits of the seed, and says so", () => {
  const made = withName(object({ labels: { a: "b" } }), source);
  expect(name(made)).toMatch(/^conf-[0-9a-f]{8}$/);
  expect(made.metadata).toMatchObject({ ...autonamed, labels: { a: "b" } });
  expect(withName(object({}), source).metadata).toEqual(withName(object({}), source).metadata);
  expect(name(withName(object({}), { ...source, seed: new Uint8Array([4]) }))).not.toBe(name(made));
});

test("§2 auto-name kept: an automatic name is kept; one that the program took away is left out", () => {
  expect(name(withName(object({}), { ...source, olds: object({ name: "conf-1", ...autonamed }) }))).toBe("conf-1");
  expect(name(withName(object({}), { ...source, olds: object({ name: "mine" }) }))).toBeUndefined();
});

test.each<[Autonaming, string]>([
  [{ mode: "propose", name: "conf-proposed" }, "conf-proposed"],
  [{ mode: "enforce", name: "conf-enforced" }, "conf-enforced"],
])("the engine's %j is used", (autonaming, want) => {
  expect(name(withName(object({}), { ...source, autonaming }))).toBe(want);
});

test("without a name, and with automatic ones disabled, it is refused", () => {
  expect(() => withName(object({}), { ...source, autonaming: { mode: "disable" } })).toThrow(
    "autonaming is disabled, resource requires the .metadata.name field to be set",
  );
});
