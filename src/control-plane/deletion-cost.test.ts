import { expect, test } from "vitest";
import { deletionCosts, type PodWork } from "./deletion-cost.ts";

const pod = (name: string, deletionCost = 0) => ({ name, deletionCost });

test.each<{ title: string; instance?: PodWork; written?: number; want: number | undefined }>([
  { title: "idle", instance: { id: "a", health: "idle" }, want: undefined },
  { title: "drained", instance: { id: "a", health: "drained" }, want: undefined },
  { title: "busy", instance: { id: "a", health: "busy" }, want: 100 },
  { title: "idle by its word, with a task open", instance: { id: "a", health: "idle", tasks: ["t"] }, want: 100 },
  { title: "not registered", instance: { id: "a" }, want: 100 },
  { title: "silent", instance: { id: "a", health: "silent" }, want: 100 },
  { title: "not known to the server", want: 100 },
  { title: "busy before, idle now", instance: { id: "a", health: "idle" }, written: 100, want: 0 },
  { title: "busy before and now", instance: { id: "a", health: "busy" }, written: 100, want: undefined },
])("the cost of a pod that is $title: $want", ({ instance, written, want }) => {
  expect(deletionCosts([pod("a", written)], instance ? [instance] : []).get("a")).toBe(want);
});
