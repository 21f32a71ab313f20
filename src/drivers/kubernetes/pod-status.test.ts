import { expect, test } from "vitest";
import { parsePod } from "../../control-plane/pods.ts";
import { podStatus } from "./pod-status.ts";

const startedAt = "2026-11-22T05:00:00Z";

function pod(state: object | undefined, more: object = {}): object {
  const container = { name: "agent", image: "i", imageID: "", ready: true, restartCount: 2, started: true };
  return {
    metadata: { name: "team-writer-0" },
    spec: { nodeName: "cpu-0", containers: [] },
    status: { phase: "Running", containerStatuses: state === undefined ? [] : [{ ...container, state }] },
    ...more,
  };
}

const unscheduled = { type: "PodScheduled", status: "False", message: "0/3 nodes are available: 3 Insufficient cpu." };

test.each<{ title: string; pod: object; want: object }>([
  {
    title: "runs",
    pod: pod({ running: { startedAt } }),
    want: { state: "running", node: "cpu-0", restarts: 2, startedAt: "2026-11-22T05:00:00.000Z" },
  },
  { title: "is being created", pod: pod({ waiting: { reason: "ContainerCreating" } }), want: { state: "starting" } },
  { title: "no kubelet has seen yet", pod: pod(undefined), want: { state: "starting" } },
  {
    title: "cannot be scheduled",
    pod: pod(undefined, { status: { phase: "Pending", conditions: [unscheduled] } }),
    want: { state: "starting", reason: unscheduled.message },
  },
  {
    title: "cannot pull its image",
    pod: pod({ waiting: { reason: "ImagePullBackOff", message: "no such image" } }),
    want: { state: "failed", reason: "ImagePullBackOff: no such image" },
  },
  {
    title: "has just ended",
    pod: pod({ terminated: { exitCode: 3 } }),
    want: { state: "backing-off", reason: "ended with exit code 3" },
  },
  {
    title: "was killed",
    pod: pod({ terminated: { exitCode: 137, signal: 9 } }),
    want: { reason: "ended by signal 9" },
  },
  {
    title: "is terminating",
    pod: pod({ running: { startedAt } }, { metadata: { name: "x", deletionTimestamp: startedAt } }),
    want: { id: "x", state: "stopping" },
  },
  { title: "was evicted", pod: pod(undefined, { status: { phase: "Failed" } }), want: { state: "stopped" } },
])("a pod that $title", ({ pod, want }) => {
  expect(podStatus(parsePod(pod), "agent")).toMatchObject(want);
});
