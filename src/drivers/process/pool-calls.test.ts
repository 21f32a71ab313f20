import { expect, test } from "vitest";
import type { InstanceState } from "../../agent-api/instance-state.ts";
import type { PoolStatus } from "../../agent-api/status.ts";
import { CrashLoops } from "./pool-calls.ts";

function pool(restarts: number, state: InstanceState): PoolStatus {
  const owner = { uid: "s-1", urn: "urn:pulumi:marketing::swarmstack::swarmstack:index:AgentPool::writer" };
  const counts = { wanted: 1, running: 0, updated: 0, generation: 1, removing: false };
  return {
    ...{ agent: "writer", role: "worker", name: "Writer", owner, ...counts },
    instances: [{ id: "writer-0", state, restarts }],
  };
}

test.each<{ name: string; before: number; restarts: number; state: InstanceState; hopeless: boolean }>([
  { name: "one that ended once", before: 0, restarts: 1, state: "backing-off", hopeless: false },
  { name: "one that ended again and again", before: 0, restarts: 5, state: "backing-off", hopeless: true },
  { name: "one that has a long past", before: 40, restarts: 41, state: "backing-off", hopeless: false },
  { name: "one that is being started once more", before: 0, restarts: 5, state: "starting", hopeless: false },
])("$name: hopeless $hopeless", ({ before, restarts, state, hopeless }) => {
  const loops = new CrashLoops();
  loops.hopeless(pool(before, "running"));
  expect(loops.hopeless(pool(restarts, state))).toEqual(hopeless ? ["writer-0"] : []);
});
