import { describe, expect, test } from "vitest";
import {
  describe as describePlace,
  keepLocation,
  type TargetLocation,
  targetLocationSchema,
  targetOf,
} from "./target-location.ts";

const local: TargetLocation = {
  target: "local",
  by: "blueprint",
  context: undefined,
  server: undefined,
  namespace: undefined,
};
const kube: TargetLocation = {
  target: "kubernetes",
  by: "option",
  context: "prod",
  server: "https://10.0.0.1:6443",
  namespace: "team",
};

describe("targetOf", () => {
  test.each([
    { title: "the requested one", asked: "docker", recorded: kube, want: "docker" },
    { title: "the recorded one of an option", asked: undefined, recorded: kube, want: "kubernetes" },
    { title: "what the file says, where that decided before", asked: undefined, recorded: local, want: undefined },
    { title: "what the file says, for a new cluster", asked: undefined, recorded: undefined, want: undefined },
  ] as const)("$title", ({ asked, recorded, want }) => {
    expect(targetOf(asked, recorded)).toBe(want);
  });
});

describe("keepLocation", () => {
  test("a new cluster, or one without a recorded location, gets that of its update", () => {
    expect(keepLocation(undefined, kube, false)).toBe(kube);
  });

  test("the same location is the same document, and stays a requested one", () => {
    expect(keepLocation(kube, { ...kube, by: "blueprint" }, false)).toBe(kube);
    expect(keepLocation(kube, { ...kube, context: undefined, server: undefined }, false)).toBe(kube);
  });

  test("another namespace is refused: the state of instances is on volumes of the old one", () => {
    const moved = () => keepLocation(kube, { ...kube, namespace: "other" }, true);
    expect(moved).toThrow(expect.objectContaining({ code: "SW610" }));
    expect(moved).toThrow("runs in the namespace team, and the update is for other");
  });

  test.each([
    {
      title: "a forgotten --target",
      old: kube,
      next: local,
      words: "kubernetes (context prod, https://10.0.0.1:6443)",
    },
    { title: "another target", old: local, next: kube, words: "runs on local, and the update is for kubernetes" },
    {
      title: "another context",
      old: kube,
      next: { ...kube, context: "test" },
      words: "is for kubernetes (context test",
    },
    { title: "another control plane", old: kube, next: { ...kube, server: "https://b" }, words: "prod, https://b)" },
  ])("$title is refused with both places", ({ old, next, words }) => {
    expect(() => keepLocation(old, next, false)).toThrow(expect.objectContaining({ code: "SW610" }));
    expect(() => keepLocation(old, next, false)).toThrow(words);
  });

  test("a new address is accepted on request; another target never is", () => {
    expect(keepLocation(kube, { ...kube, server: "https://b" }, true)).toMatchObject({ server: "https://b" });
    expect(() => keepLocation(kube, local, true)).toThrow("runs on kubernetes");
  });

  const docker: TargetLocation = { ...local, target: "docker", server: "unix:///a" };

  test.each([
    { old: kube, next: local, take: false, hints: ["omit --target, or set --target kubernetes", "migrate --to local"] },
    {
      old: kube,
      next: { ...kube, server: "https://b" },
      take: false,
      hints: ["set KUBECONFIG to", "if the control plane has"],
    },
    {
      old: docker,
      next: { ...docker, server: "unix:///b" },
      take: false,
      hints: ["set DOCKER_HOST to unix:///a", "if the daemon has"],
    },
    {
      old: kube,
      next: { ...kube, namespace: "b" },
      take: true,
      hints: ["set cluster.target.namespace to team", "destroy the cluster first"],
    },
  ] as const)("a refusal has both locations, and hints: $hints", ({ old, next, take, hints }) => {
    expect(() => keepLocation(old, next, take)).toThrow(
      expect.objectContaining({
        ...{ code: "SW610", values: { recorded: old, given: next } },
        hints: hints.map((hint) => expect.stringContaining(hint)),
      }),
    );
  });

  test("values that the update lacks are kept, and new ones are added", () => {
    const unknown = { ...kube, context: undefined, server: undefined, namespace: undefined };
    expect(keepLocation(kube, { ...unknown, namespace: "team" }, false)).toBe(kube);
    expect(keepLocation(unknown, kube, false)).toEqual(kube);
    expect(keepLocation({ ...kube, by: "blueprint" }, kube, false)).toEqual(kube);
  });
});

test("a location is described with its known values", () => {
  expect(describePlace(local)).toBe("local");
  expect(describePlace(kube)).toBe("kubernetes (context prod, https://10.0.0.1:6443)");
  expect(describePlace({ ...kube, context: undefined })).toBe("kubernetes (https://10.0.0.1:6443)");
});

test("a location is parsed as recorded", () => {
  expect(targetLocationSchema.parse(JSON.parse(JSON.stringify(kube)))).toEqual(kube);
  expect(targetLocationSchema.parse({ target: "local", by: "blueprint" })).toEqual(local);
  for (const broken of [{ target: "moon", by: "option" }, { target: "local", by: "chance" }, {}]) {
    expect(targetLocationSchema.safeParse(broken).success).toBe(false);
  }
});
