import { expect, test } from "vitest";
import { wantedReplicas } from "./wanted-replicas.ts";

const record = { counts: { boss: 1, worker: 3 }, power: "active" } as const;
const agent = { role: "worker", name: "Worker", running: 0, instances: [] };

test("the desired state says how many are wanted, unless an autoscaler wrote another count since", () => {
  expect(wantedReplicas(record, undefined)).toEqual({ boss: 1, worker: 3 });
  const written = { ...agent, agent: "worker", fast: { count: 0 } };
  expect(wantedReplicas(record, { agents: [{ ...agent, agent: "boss" }, written] })).toEqual({ boss: 1, worker: 0 });
});
