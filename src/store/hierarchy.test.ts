import { expect, test } from "vitest";
import type { ClusterAgent } from "./agents.ts";
import { hierarchy, type Subtree } from "./hierarchy.ts";

function agent([instance, parent]: readonly [string, string | null]): ClusterAgent {
  return {
    ...{ clusterId: "c", instance, parent, agent: "a", role: "worker", capabilities: [], state: "idle", epoch: 1 },
    ...{ report: null, registeredAt: 0, seenAt: 0, removedAt: null },
  };
}

function shape(tree: Subtree): string {
  return tree.subordinates.length === 0
    ? tree.agent.instance
    : `${tree.agent.instance}(${tree.subordinates.map(shape).join(" ")})`;
}

test.each<{ name: string; links: readonly (readonly [string, string | null])[]; trees: readonly string[] }>([
  { name: "no instances", links: [], trees: [] },
  {
    name: "three levels",
    links: [
      ["w1", "lead"],
      ["lead", "boss"],
      ["boss", null],
      ["w2", "lead"],
    ],
    trees: ["boss(lead(w1 w2))"],
  },
  { name: "a missing superior", links: [["w1", "lead"]], trees: ["w1"] },
  {
    name: "a circle",
    links: [
      ["a", "b"],
      ["b", "a"],
      ["c", null],
    ],
    trees: ["c", "a(b)"],
  },
  { name: "itself", links: [["a", "a"]], trees: ["a"] },
])("$name", ({ links, trees }) => {
  expect(hierarchy(links.map(agent)).map(shape)).toEqual(trees);
});
