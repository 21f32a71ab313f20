import fc from "fast-check";
import { expect, test } from "vitest";
import type { InstanceState } from "../agent-api/instance-state.ts";
import { type InstanceView, reconcile } from "./reconcile.ts";

/** "running old" is an instance of an older spec; the ordinal is its index in the list. */
function views(texts: readonly string[]): InstanceView[] {
  return texts.map((text, ordinal) => {
    const [state, age = "new"] = text.split(" ");
    return { ordinal, state: state as InstanceState, fingerprint: age, retiring: age === "retiring" };
  });
}

test.each([
  { name: "nothing yet", count: 2, now: [], actions: ["start 0", "start 1"] },
  { name: "all well", count: 2, now: ["running", "starting"], actions: [] },
  { name: "one more", count: 3, now: ["running", "running"], actions: ["start 2"] },
  { name: "fewer, highest first", count: 1, now: ["running", "running", "backing-off"], actions: ["stop 2", "stop 1"] },
  { name: "none", count: 0, now: ["running"], actions: ["stop 0"] },
  { name: "surplus already stopping", count: 1, now: ["running", "stopping"], actions: [] },
  { name: "surplus stopped", count: 1, now: ["running", "stopped"], actions: ["forget 1"] },
  { name: "wanted again while it stops", count: 2, now: ["running", "stopping"], actions: [] },
  { name: "wanted again when stopped", count: 2, now: ["running", "stopped old"], actions: ["start 1"] },
  { name: "crashed instances restart by themselves", count: 2, now: ["backing-off", "failed"], actions: [] },
  { name: "new spec, first one", count: 3, now: ["running old", "running old", "running old"], actions: ["stop 0"] },
  { name: "new spec, one is stopping", count: 3, now: ["stopping old", "running old", "running old"], actions: [] },
  { name: "new spec, one is starting", count: 3, now: ["starting", "running old", "running old"], actions: [] },
  { name: "a crashing new spec stops the rollout", count: 2, now: ["backing-off", "running old"], actions: [] },
  { name: "new spec, next one", count: 3, now: ["running", "running old", "running old"], actions: ["stop 1"] },
  {
    name: "a new spec replaces a crashed instance at once",
    count: 2,
    now: ["running old", "backing-off old"],
    actions: ["stop 1"],
  },
  { name: "new spec, missing one first", count: 3, now: ["running old", "running old"], actions: ["start 2"] },
])("$name", ({ count, now, actions }) => {
  const plan = reconcile({ count, patient: false, fingerprint: "new" }, views(now));
  expect(plan.map(({ kind, ordinal }) => `${kind} ${ordinal}`)).toEqual(actions);
});

test.each([
  { name: "a running instance retires", count: 1, now: ["running", "running"], actions: ["retire 1"] },
  { name: "one that retires is left alone", count: 1, now: ["running", "running retiring"], actions: [] },
  { name: "one that does not run stops at once", count: 0, now: ["starting", "failed"], actions: ["stop 1", "stop 0"] },
  { name: "one that is wanted again stays", count: 2, now: ["running", "running retiring"], actions: ["keep 1"] },
])("for an autoscaler, $name", ({ count, now, actions }) => {
  const present = views(now).map((view) => ({ ...view, fingerprint: "new" }));
  const plan = reconcile({ count, patient: true, fingerprint: "new" }, present);
  expect(plan.map(({ kind, ordinal }) => `${kind} ${ordinal}`)).toEqual(actions);
});

test("a gap is filled", () => {
  const running = { state: "running", fingerprint: "new", retiring: false } as const;
  const plan = reconcile(
    { count: 3, patient: false, fingerprint: "new" },
    [0, 2].map((ordinal) => ({ ...running, ordinal })),
  );
  expect(plan).toEqual([{ kind: "start", ordinal: 1 }]);
});

test("any state converges to the desired state, with at most one running instance down at a time for a new spec", () => {
  const state = fc.constantFrom("starting", "running", "backing-off", "failed", "stopping", "stopped");
  const view = fc.tuple(state, fc.constantFrom("new", "old")).map((parts) => parts.join(" "));
  fc.assert(
    fc.property(fc.nat(6), fc.array(view, { maxLength: 6 }), (count, now) => {
      let current = views(now);
      for (let step = 0; step < 40; step++) {
        const plan = reconcile({ count, patient: false, fingerprint: "new" }, current);
        const runs = (one: InstanceView) => one.state === "running" && one.ordinal < count;
        expect(
          plan.filter(
            (one) => one.kind === "stop" && current.some((view) => view.ordinal === one.ordinal && runs(view)),
          ).length,
        ).toBeLessThan(2);
        current = carryOut(plan, current);
      }
      expect(current.map(({ ordinal, state, fingerprint }) => `${ordinal} ${state} ${fingerprint}`).sort()).toEqual(
        Array.from({ length: count }, (_, ordinal) => `${ordinal} running new`),
      );
    }),
  );
});

/** Executes the plan, and completes all pending starts and stops. */
function carryOut(plan: ReturnType<typeof reconcile>, before: readonly InstanceView[]): InstanceView[] {
  const after = new Map(before.map((view) => [view.ordinal, settle(view)]));
  for (const { kind, ordinal } of plan) {
    if (kind === "forget") after.delete(ordinal);
    else if (kind === "start") after.set(ordinal, { ordinal, state: "starting", fingerprint: "new", retiring: false });
    else {
      const { fingerprint = "new" } = after.get(ordinal) ?? {};
      after.set(ordinal, { ordinal, state: "stopping", fingerprint, retiring: false });
    }
  }
  return [...after.values()];
}

function settle(view: InstanceView): InstanceView {
  if (view.state === "stopping") return { ...view, state: "stopped" };
  if (view.state === "stopped" || view.state === "running") return view;
  return { ...view, state: "running" };
}
