import { expect, test } from "vitest";
import type { StepOp } from "../../../stacks/events.ts";
import type { LifecycleEvent } from "../../event.ts";
import { partOf } from "./part.ts";
import { Track } from "./track.ts";

const operation = "op-1";
const parts = [
  { key: "pool:h100", title: "pool h100", resource: "team-h100" },
  { key: "worker", title: "worker Worker", resource: "team-worker" },
  { key: "worker-two", title: "worker Worker Two", resource: "team-worker-two" },
];

const resource = (name: string) => ({ urn: `urn:${name}`, type: "swarmstack:index:AgentPool", name });
const step = (name: string, phase: "started" | "done" | "failed", op: StepOp = "update"): LifecycleEvent =>
  phase === "done"
    ? { type: "step", phase, op, resource: resource(name), changes: [] }
    : { type: "step", phase, op, resource: resource(name) };
const phase = (name: string, at: "started" | "done" | "failed"): LifecycleEvent => ({
  ...{ type: "phase", operation, name, phase: at },
});
const message = (name: string, text: string, severity: "info" | "error" = "info"): LifecycleEvent => ({
  ...{ type: "message", severity, text, resource: resource(name), ephemeral: severity === "info" },
});
const begin: LifecycleEvent = { type: "operation", id: operation, kind: "hibernate", cluster: "team" };

/** A track after these events, one second apart. */
function after(...events: readonly LifecycleEvent[]): Track {
  const track = new Track();
  for (const [second, event] of [begin, { type: "parts", operation, parts } as const, ...events].entries()) {
    track.hear(event, second * 1_000);
  }
  return track;
}

test.each([
  { name: "team-worker", part: "worker" },
  { name: "team-worker-0", part: "worker" },
  { name: "team-worker-two", part: "worker-two" },
  { name: "team-worker-two-scale", part: "worker-two" },
  { name: "team-workers", part: undefined },
  { name: "team-supervisor", part: undefined },
])("the resource $name belongs to $part", ({ name, part }) => {
  expect(partOf(resource(name), parts)?.key).toBe(part);
});

test("a row waits, works with its latest message, and is done when no resource is in progress", () => {
  const events = [phase("update", "started"), step("team-worker", "started"), message("team-worker", "1/4 running")];
  expect(after(...events).rows(10_000)).toEqual([
    { title: "pool h100", state: "waiting", doing: "", text: "", elapsedMs: 0, leftMs: undefined },
    {
      title: "worker Worker",
      state: "working",
      doing: "updating",
      text: "1/4 running",
      elapsedMs: 7_000,
      leftMs: undefined,
    },
    { title: "worker Worker Two", state: "waiting", doing: "", text: "", elapsedMs: 0, leftMs: undefined },
  ]);
  const two = [...events, step("team-worker-scale", "started"), step("team-worker", "done")];
  expect(after(...two).rows(10_000)[1]).toMatchObject({ state: "working" });
  expect(after(...two, step("team-worker-scale", "done")).rows(10_000)[1]).toMatchObject({
    ...{ state: "done", elapsedMs: 4_000 },
  });
});

test("a failed row shows the reason", () => {
  const track = after(
    phase("update", "started"),
    step("team-worker", "started"),
    message("team-worker", "no node has 8 GPUs free\nmore", "error"),
    step("team-worker", "failed"),
  );
  expect(track.rows(10_000)[1]).toMatchObject({ state: "failed", text: "no node has 8 GPUs free" });
});

test("draining instances are counted, and a new step resets the rows", () => {
  const draining = (done: number): LifecycleEvent => ({
    ...{ type: "instances", operation, part: "worker", doing: "draining", done, of: 4 },
  });
  const events = [phase("drain", "started"), draining(1), draining(4)];
  expect(after(...events.slice(0, 2)).rows(5_000)[1]).toMatchObject({
    state: "working",
    text: "1/4",
    elapsedMs: 2_000,
  });
  expect(after(...events).rows(9_000)[1]).toMatchObject({ state: "done", text: "4/4", elapsedMs: 1_000 });
  const next = after(...events, phase("drain", "done"), phase("sleep", "started"));
  expect(next.rows(9_000)[1]).toMatchObject({ state: "waiting" });
  expect(next.took).toEqual({ "worker/drain": 1_000 });
});

test("the remaining time is estimated from earlier operations, until the estimate is exceeded", () => {
  const expected: LifecycleEvent = {
    ...{ type: "expected", operation, stepsMs: { drain: 10_000, sleep: 20_000 } },
    partsMs: { "worker/sleep": 8_000 },
  };
  const track = after(expected, phase("drain", "started"));
  // Two of the step's ten seconds have passed.
  expect(track.overview(5_000)).toMatchObject({ kind: "hibernate", step: "drain", elapsedMs: 5_000, leftMs: 28_000 });
  const later = after(
    expected,
    phase("drain", "started"),
    phase("drain", "done"),
    phase("sleep", "started"),
    step("team-worker", "started"),
  );
  expect(later.overview(7_000)).toMatchObject({ step: "sleep", leftMs: 18_000 });
  expect(later.rows(7_000)[1]).toMatchObject({ elapsedMs: 1_000, leftMs: 7_000 });
  expect(later.rows(60_000)[1]).toMatchObject({ leftMs: undefined });
  expect(later.overview(60_000)).toMatchObject({ leftMs: undefined });
});
