import { expect, test } from "vitest";
import type { Directive, Directives } from "../../database/directives.ts";
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
const hold: Directive = { kind: "hold" };
const directives: Directives = {
  give: () => {},
  callOff: () => {},
  drained: () => {},
  registered: () => {},
  isFrozen: () => false,
  inForce: (agent) => (agent === "writer" ? hold : undefined),
};
const agents = [
  { key: "lead", resource: "team-lead", role: "lead", capabilities: ["plan"], name: "Lead", stopTimeoutMs: 5_000 },
  {
    key: "writer",
    resource: "team-writer",
    role: "worker",
    capabilities: [],
    name: "Writer",
    parent: "lead",
    stopTimeoutMs: 5_000,
  },
];
const roster = podRoster(agents, () => watch, directives);

test.each([
  { instance: "lead-a", agent: "lead", reportsTo: undefined, directive: undefined },
  { instance: "writer-a", agent: "writer", reportsTo: "lead-a", directive: hold },
  { instance: "writer-c", agent: "writer", reportsTo: "lead-a", directive: hold },
  // Terminating: overrides all directives.
  { instance: "writer-b", agent: "writer", reportsTo: "lead-b", directive: { kind: "drain", deadlineAtMs: 5_000 } },
])("$instance reports to $reportsTo and is told $directive", ({ instance, agent, reportsTo, directive }) => {
  expect(roster.find(instance, agent)).toMatchObject({ instance, agent, reportsTo, directive });
});

test("role and capabilities are those of the plan", () => {
  expect(roster.find("lead-a", "lead")).toMatchObject({ role: "lead", capabilities: ["plan"] });
});

test("an agent that the cluster does not have has no instances", () => {
  expect(roster.find("king-a", "king")).toBeUndefined();
});
