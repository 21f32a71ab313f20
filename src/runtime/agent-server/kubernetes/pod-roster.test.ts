import { expect, test } from "vitest";
import type { Order, Orders } from "../../ledger/orders.ts";
import { podRoster } from "./pod-roster.ts";
import type { PodWatch } from "./pods.ts";

const pods: Readonly<Record<string, readonly string[]>> = {
  "team-lead": ["lead-a", "lead-b"],
  "team-writer": ["writer-a", "writer-b", "writer-c"],
};
const watch: PodWatch = {
  namesOf: (resource) => pods[resource] ?? [],
  stopDeadlineOf: (name) => (name === "writer-b" ? 5_000 : undefined),
  size: 5,
  stop: () => {},
};
const hold: Order = { kind: "hold" };
const orders: Orders = {
  give: () => {},
  callOff: () => {},
  inForce: (agent) => (agent === "writer" ? hold : undefined),
};
const agents = [
  { key: "lead", resource: "team-lead", role: "lead", name: "Lead", stopTimeoutMs: 5_000 },
  { key: "writer", resource: "team-writer", role: "worker", name: "Writer", parent: "lead", stopTimeoutMs: 5_000 },
];
const roster = podRoster(agents, () => watch, orders);

test.each([
  { instance: "lead-a", agent: "lead", parent: undefined, order: undefined },
  { instance: "writer-a", agent: "writer", parent: "lead-a", order: hold },
  { instance: "writer-c", agent: "writer", parent: "lead-a", order: hold },
  // Asked to end: that comes before all that it was told.
  { instance: "writer-b", agent: "writer", parent: "lead-b", order: { kind: "drain", deadlineAtMs: 5_000 } },
])("$instance reports to $parent and is told $order", ({ instance, agent, parent, order }) => {
  expect(roster.find(instance, agent)).toMatchObject({ instance, agent, parent, order });
});

test("an agent that the cluster does not have has no instances", () => {
  expect(roster.find("king-a", "king")).toBeUndefined();
});
