import { expect, test } from "vitest";
import type { InstanceStatus } from "../agent-api/status.ts";
import { started } from "./await-start.ts";

const nowMs = Date.parse("2026-11-22T05:00:10Z");
const at = (second: number) => new Date(nowMs - 10_000 + second * 1000).toISOString();

function judged(instance: Omit<InstanceStatus, "id">, agent = "writer") {
  const instances = [{ id: "writer-0", ...instance }];
  const status = { api: "pod api", agents: [{ agent, role: "worker", name: "Writer", running: 1, instances }] };
  return started(status, [{ key: "writer", resource: "team-writer" }], nowMs).map(({ startup }) => startup);
}

test.each<{ name: string; instance: Omit<InstanceStatus, "id">; startup: string[] }>([
  { name: "of 2 seconds", instance: { state: "running", restarts: 0, startedAt: at(8) }, startup: ["starting"] },
  { name: "of 6 seconds", instance: { state: "running", restarts: 0, startedAt: at(4) }, startup: ["up"] },
  { name: "registered", instance: { state: "running", restarts: 0, startedAt: at(9), epoch: 1 }, startup: ["up"] },
  { name: "in a crash loop", instance: { state: "backing-off", restarts: 5, startedAt: at(9) }, startup: ["failed"] },
  {
    name: "that ended twice",
    instance: { state: "backing-off", restarts: 2, startedAt: at(9) },
    startup: ["starting"],
  },
  { name: "without its image", instance: { state: "failed", restarts: 0 }, startup: ["failed"] },
  { name: "that is not scheduled", instance: { state: "starting", restarts: 0 }, startup: ["starting"] },
  { name: "that makes place for another", instance: { state: "stopping", restarts: 9, startedAt: at(1) }, startup: [] },
])("a container $name", ({ instance, startup }) => {
  expect(judged(instance)).toEqual(startup);
  expect(judged(instance, "team-writer")).toEqual(startup);
  expect(judged(instance, "other")).toEqual([]);
});
