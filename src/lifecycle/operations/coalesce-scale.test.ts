import { expect, test } from "vitest";
import { parseBlueprint } from "../../blueprint/parse.ts";
import { coalesce, toPatch } from "./coalesce-scale.ts";

const { blueprint } = parseBlueprint(
  `metadata: { id: team, name: Team, version: 1.0.0 }
cluster: { type: standard, min_workers: 1, max_workers: 20 }
agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [a] }
  - { role: worker, name: Writer, count: 1-6, reports_to: supervisor, capabilities: [b] }
  - { role: worker, name: Reader, count: 0-3, reports_to: supervisor, capabilities: [c] }
`,
  { file: "team.yaml" },
);
const agents = blueprint?.agents ?? [];

test.each([
  ["no requests", [], { roles: {} }],
  [
    "the last size of the cluster",
    [
      { to: 3, roles: {} },
      { to: 5, roles: {} },
    ],
    { to: 5, roles: {} },
  ],
  ["several roles", [{ roles: { worker: 2 } }, { roles: { lead: 1 } }], { roles: { worker: 2, lead: 1 } }],
  ["a role after the cluster", [{ to: 5, roles: {} }, { roles: { worker: 2 } }], { to: 5, roles: { worker: 2 } }],
  ["the cluster after a role", [{ roles: { worker: 2 } }, { to: 5, roles: {} }], { to: 5, roles: {} }],
  [
    "an autoscaler's size beside a person's",
    [{ roles: { worker: 1 }, pin: {} }, { roles: { worker: 9 } }],
    { roles: { worker: 1 }, pin: {} },
  ],
])("coalesces %s", (_name, requests, folded) => {
  expect(coalesce(requests)).toEqual(folded);
});

test("the size of a role is allocated to its agents, that of an agent to itself", () => {
  expect(toPatch({ roles: { worker: 5 } }, agents)).toEqual({ counts: { writer: 4, reader: 1 } });
  expect(toPatch({ to: 6, roles: { reader: 2 } }, agents)).toEqual({ targetWorkers: 6, counts: { reader: 2 } });
  expect(() => toPatch({ roles: { worker: 10 } }, agents)).toThrow("target_workers (10) is over");
  expect(() => toPatch({ roles: { cook: 1 } }, agents)).toThrow("cook is neither a role nor an agent of this cluster");
});
