import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decideCluster, decideNamed } from "./choose-cluster.ts";
import { forgetCurrentCluster, readCurrentCluster, writeCurrentCluster } from "./current-cluster.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "swarm-current-"));
});

afterEach(() => rmSync(home, { recursive: true }));

test.each([
  { named: "a", variable: "b", used: "c", cluster: "a" },
  { named: undefined, variable: "b", used: "c", cluster: "b" },
  { named: undefined, variable: "", used: "c", cluster: "c" },
  { named: undefined, variable: undefined, used: "c", cluster: "c" },
  { named: undefined, variable: undefined, used: undefined, cluster: undefined },
])("arguments $named, SWARM_CLUSTER $variable, use $used: $cluster", ({ cluster, ...namings }) => {
  expect(decideCluster(namings)).toBe(cluster);
});

test("the cluster of swarmctl use is kept in the home folder until it is forgotten", () => {
  const context = {
    settings: { home: join(home, "new"), env: {}, cache: "", backend: { kind: "shared", url: "" } },
  } as const;
  const { settings } = context;
  expect(decideNamed(context, undefined)).toBeUndefined();
  writeCurrentCluster(settings.home, "team");
  expect(decideNamed(context, undefined)).toBe("team");
  forgetCurrentCluster(settings.home, "other");
  expect(readCurrentCluster(settings.home)).toBe("team");
  forgetCurrentCluster(settings.home, "team");
  expect(decideNamed(context, undefined)).toBeUndefined();
});
