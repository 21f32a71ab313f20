import { describe, expect, test } from "vitest";
import type { ChangeKind } from "../../base/resource.ts";
import { unknownValue } from "../../base/values.ts";
import { diffObject } from "./diff-object.ts";

const none = { configMaps: false, secrets: false };

function deployment(spec: object, name = "w") {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: "default" }, spec };
}

function diff(live: object, oldInputs: object, news: object, ignoreChanges: readonly string[] = []) {
  return diffObject({
    live: live as Record<string, unknown>,
    oldInputs: oldInputs as Record<string, unknown>,
    news: news as Record<string, unknown>,
    ignoreChanges,
    mutable: none,
  });
}

const replicas = (count: number | undefined) => deployment(count === undefined ? {} : { replicas: count });

describe("§4 Diff rule, ignoreChanges, apiVersion change, quantities: recorded live, old inputs, new inputs", () => {
  test.each<[number | undefined, number | undefined, number | undefined, ChangeKind | "none"]>([
    [4, 2, 2, "update"],
    [2, 1, 2, "none"],
    [2, 1, 1, "update"],
    [undefined, 2, 2, "add"],
    [4, 2, undefined, "delete"],
    [undefined, 2, undefined, "none"],
    [4, undefined, 4, "add"],
    [2, 2, 2, "none"],
  ])("%s / %s / %s -> %s", (live, old, next, want) => {
    const { changes } = diff(replicas(live), replicas(old), replicas(next));
    expect(changes).toEqual(want === "none" ? {} : { "spec.replicas": want });
  });

  test("without recorded outputs the old inputs are compared", () => {
    expect(diff({}, replicas(1), replicas(2)).changes).toEqual({ "spec.replicas": "update" });
  });

  test.each([
    ["quantities that the server spells anew", { cpu: "1" }, { cpu: "1000m" }, { cpu: "1000m" }, {}],
    ["a quantity that the program spells anew", { cpu: "1" }, { cpu: "1" }, { cpu: "1000m" }, {}],
    [
      "a number that the server writes as text",
      { "nvidia.com/gpu": "1" },
      { "nvidia.com/gpu": 1 },
      { "nvidia.com/gpu": 1 },
      {},
    ],
    ["another quantity", { cpu: "1" }, { cpu: "1" }, { cpu: "2" }, { "spec.resources.limits.cpu": "update" }],
  ])("%s", (_title, live, old, next, want) => {
    const limits = (value: object) => deployment({ resources: { limits: value } });
    expect(diff(limits(live), limits(old), limits(next)).changes).toEqual(want);
  });

  test.each([
    ["false", false],
    ["an empty text", ""],
    ["an empty map", {}],
    ["a map of empty maps", { a: {}, b: "" }],
    ["an empty list", []],
  ])("%s that the server leaves out is no change", (_title, zero) => {
    expect(diff(deployment({}), deployment({ field: zero }), deployment({ field: zero })).changes).toEqual({});
  });

  test.each([
    ["rbac.authorization.k8s.io/v1", "Role", { rules: [] }, { rules: null }, "rules"],
    ["rbac.authorization.k8s.io/v1", "ClusterRole", { rules: [] }, {}, "rules"],
    ["v1", "LimitRange", { spec: { limits: [] } }, { spec: { limits: null } }, "spec.limits"],
  ])("%s %s: a list that is required comes back as null, and is a change each time", (apiVersion, kind, sent, back, path) => {
    const object = (rest: object) => ({ apiVersion, kind, metadata: { name: "a" }, ...rest });
    expect(diff(object(back), object(sent), object(sent)).changes).toEqual({ [path]: "add" });
  });

  test.each([
    ["false", { paused: false }],
    ["an empty text", { text: "" }],
    ["an empty list", { list: [] }],
    ["an empty map", { map: {} }],
  ])("of a custom kind %s that is gone is a change: its server keeps what it was sent", (_title, spec) => {
    const object = (rest: object) => ({
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: { name: "a" },
      ...rest,
    });
    const [key] = Object.keys(spec);
    expect(diff(object({ spec: {} }), object({ spec }), object({ spec })).changes).toEqual({ [`spec.${key}`]: "add" });
  });

  test("of a custom kind another spelling of a quantity is a change", () => {
    const pool = (gpus: string) => ({
      apiVersion: "karpenter.sh/v1",
      kind: "NodePool",
      metadata: { name: "gpu" },
      spec: { limits: { "nvidia.com/gpu": gpus } },
    });
    expect(diff(pool("1"), pool("1"), pool("1000m")).changes).toEqual({ 'spec.limits["nvidia.com/gpu"]': "update" });
  });

  test("an empty map in the place of nothing is a change", () => {
    expect(diff(deployment({}), deployment({}), deployment({ podSelector: {} })).changes).toEqual({
      "spec.podSelector": "add",
    });
  });

  test("items of others behind the program's own are no change", () => {
    const live = deployment({ containers: [{ name: "app" }, { name: "sidecar" }] });
    const own = deployment({ containers: [{ name: "app" }] });
    expect(diff(live, own, own).changes).toEqual({});
  });

  test("whole maps and lists are one entry; items go by index", () => {
    const old = { ...deployment({ list: ["a"] }) };
    const next = { ...deployment({ list: ["a", "b"] }), metadata: { ...old.metadata, annotations: { "a.b/c": "1" } } };
    expect(diff(old, old, next).changes).toEqual({ "metadata.annotations": "add", "spec.list[1]": "add" });
  });

  test("an unknown value is a change, on a forced path a replacement", () => {
    const old = deployment({ replicas: 1, selector: { matchLabels: { a: "1" } } });
    const next = deployment({ replicas: unknownValue, selector: { matchLabels: { a: unknownValue } } });
    expect(diff(old, old, next).changes).toEqual({
      "spec.replicas": "update",
      "spec.selector.matchLabels.a": "update-replace",
    });
  });

  test.each([
    ["spec.replicas", {}],
    ["spec", {}],
    ["spec.template", { "spec.replicas": "update" }],
  ])("ignoreChanges %s", (ignored, want) => {
    expect(diff(replicas(4), replicas(2), replicas(2), [ignored]).changes).toEqual(want);
  });

  test("a namespace that was assumed for a cluster-scoped kind is no change", () => {
    const pool = (metadata: object) => ({ apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata });
    const assumed = pool({ name: "gpu", namespace: "default" });
    expect(diff(pool({ name: "gpu" }), assumed, assumed).changes).toEqual({});
    expect(diff(pool({ name: "gpu" }), assumed, pool({ name: "gpu" })).changes).toEqual({});
  });

  test("another apiVersion is an update in place", () => {
    const hpa = (version: string) => ({ ...deployment({}), apiVersion: `autoscaling/${version}` });
    expect(diff(hpa("v1"), hpa("v1"), hpa("v2"))).toEqual({
      changes: { apiVersion: "update" },
      deleteBeforeReplace: false,
    });
  });
});

describe("§5 order: delete before replace", () => {
  const selector = (a: string) => ({ selector: { matchLabels: { a } } });
  const named = (object: ReturnType<typeof deployment>, auto: boolean) =>
    auto ? { ...object, metadata: { ...object.metadata, annotations: { "pulumi.com/autonamed": "true" } } } : object;

  test.each([
    { title: "the same name", next: deployment(selector("2")), auto: false, want: true },
    { title: "another name", next: deployment(selector("2"), "other"), auto: false, want: false },
    { title: "an automatic name", next: deployment(selector("2")), auto: true, want: false },
    { title: "no replacement", next: deployment({ ...selector("1"), replicas: 3 }), auto: false, want: false },
  ])("$title: $want", ({ next, auto, want }) => {
    const old = named(deployment(selector("1")), auto);
    expect(diff(old, old, named(next, auto)).deleteBeforeReplace).toBe(want);
  });
});
