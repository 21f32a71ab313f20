import { describe, expect, test } from "vitest";
import type { KubeObject } from "../object.ts";
import { skipsAwait, waitRuleOf } from "./readiness.ts";
import type { Message, Verdict } from "./rule.ts";
import { timeoutOf } from "./timeout.ts";

interface Seen {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly annotations?: Record<string, string>;
  readonly spec?: object;
  readonly status?: object;
  readonly events?: readonly KubeObject[];
  readonly updating?: boolean;
}

function object({ apiVersion = "v1", kind, annotations, spec = {}, status }: Seen): KubeObject {
  const metadata = { name: "x", namespace: "default", generation: 2, ...(annotations && { annotations }) };
  return { apiVersion, kind, metadata, spec, ...(status && { status }) };
}

function judge(seen: Seen): Verdict | undefined {
  return waitRuleOf(object(seen))?.judge({
    object: object(seen),
    events: seen.events ?? [],
    updating: seen.updating ?? false,
  });
}

const said = (messages: readonly Message[]) => messages.map(({ severity, text }) => `${severity}: ${text}`);
const condition = (type: string, status: string, reason = "", message = "") => ({ type, status, reason, message });

const apps = { apiVersion: "apps/v1" };
const up = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
const rolled = [condition("Progressing", "True", "NewReplicaSetAvailable")];
const unavailable = condition(
  "Available",
  "False",
  "MinimumReplicasUnavailable",
  "Deployment does not have minimum availability.",
);

describe("§6 await rules: ready", () => {
  test.each<[string, Seen]>([
    [
      "Deployment, all new and available",
      { ...apps, kind: "Deployment", spec: { replicas: 2 }, status: { ...up, conditions: rolled } },
    ],
    ["Deployment of none, at once", { ...apps, kind: "Deployment", spec: { replicas: 0 } }],
    ["Deployment, paused", { ...apps, kind: "Deployment", spec: { paused: true }, status: { observedGeneration: 2 } }],
    [
      "StatefulSet",
      {
        ...apps,
        kind: "StatefulSet",
        spec: { replicas: 2 },
        status: { ...up, currentRevision: "a", updateRevision: "a" },
      },
    ],
    [
      "StatefulSet of none",
      { ...apps, kind: "StatefulSet", spec: { replicas: 0 }, status: { observedGeneration: 2, replicas: 0 } },
    ],
    [
      "StatefulSet, partition reached",
      {
        ...apps,
        kind: "StatefulSet",
        spec: { replicas: 2, updateStrategy: { rollingUpdate: { partition: 1 } } },
        status: { ...up, updatedReplicas: 1, currentRevision: "a", updateRevision: "b" },
      },
    ],
    [
      "StatefulSet, OnDelete",
      {
        ...apps,
        kind: "StatefulSet",
        spec: { replicas: 2, updateStrategy: { type: "OnDelete" } },
        status: { ...up, currentRevision: "a", updateRevision: "b" },
      },
    ],
    [
      "DaemonSet",
      {
        ...apps,
        kind: "DaemonSet",
        status: { observedGeneration: 2, desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1 },
      },
    ],
    [
      "DaemonSet without a node",
      { ...apps, kind: "DaemonSet", status: { observedGeneration: 2, desiredNumberScheduled: 0 } },
    ],
    ["Pod, ready", { kind: "Pod", status: { phase: "Running", conditions: [condition("Ready", "True")] } }],
    ["Pod, done", { kind: "Pod", status: { phase: "Succeeded" } }],
    ["Job, complete", { apiVersion: "batch/v1", kind: "Job", status: { conditions: [condition("Complete", "True")] } }],
    ["Job, suspended", { apiVersion: "batch/v1", kind: "Job", spec: { suspend: true } }],
    ["PVC, bound", { kind: "PersistentVolumeClaim", status: { phase: "Bound" } }],
    [
      "PVC whose class waits for a first consumer",
      { kind: "PersistentVolumeClaim", spec: { storageClassName: "a" }, events: [{ reason: "WaitForFirstConsumer" }] },
    ],
    ["Service with selector", { kind: "Service", spec: { selector: { a: "b" } } }],
    ["Service, headless", { kind: "Service", spec: { clusterIP: "None" } }],
    ["Service, ExternalName", { kind: "Service", spec: { type: "ExternalName" } }],
    [
      "Service with a load balancer",
      { kind: "Service", spec: { type: "LoadBalancer" }, status: { loadBalancer: { ingress: [{ ip: "10.0.0.1" }] } } },
    ],
  ])("%s", (_title, seen) => {
    expect(judge(seen)?.state).toBe("ready");
  });
});

describe("§6 await rules: waiting, its messages and reasons", () => {
  test.each<[string, Seen, readonly string[], readonly string[]]>([
    [
      "Deployment whose pods are not available",
      {
        ...apps,
        kind: "Deployment",
        spec: { replicas: 2 },
        status: { observedGeneration: 2, replicas: 2, updatedReplicas: 2, conditions: [unavailable] },
      },
      [
        "warning: [MinimumReplicasUnavailable] Deployment does not have minimum availability.",
        "info: Waiting for app ReplicaSet to be available (0/2 Pods available)",
      ],
      ["Minimum number of live Pods was not attained"],
    ],
    [
      "Deployment over its progress deadline",
      {
        ...apps,
        kind: "Deployment",
        status: {
          observedGeneration: 2,
          conditions: [
            condition(
              "Progressing",
              "False",
              "ProgressDeadlineExceeded",
              'ReplicaSet "x-1" has timed out progressing.',
            ),
          ],
        },
      },
      [
        'warning: [ProgressDeadlineExceeded] ReplicaSet "x-1" has timed out progressing.',
        "info: Waiting for app ReplicaSet to be available (0/1 Pods available)",
      ],
      [
        "Minimum number of live Pods was not attained",
        '[ProgressDeadlineExceeded] ReplicaSet "x-1" has timed out progressing.',
      ],
    ],
    [
      "Deployment whose controller has not looked yet",
      {
        ...apps,
        kind: "Deployment",
        spec: { replicas: 2 },
        status: { ...up, observedGeneration: 1, conditions: rolled },
      },
      ["info: Waiting for app ReplicaSet to be available (0/2 Pods available)"],
      ["Minimum number of live Pods was not attained"],
    ],
    [
      "Deployment with old pods left",
      { ...apps, kind: "Deployment", spec: { replicas: 2 }, status: { ...up, replicas: 3, conditions: rolled } },
      ["info: Waiting for app ReplicaSet to be available (2/2 Pods available)"],
      ["Minimum number of live Pods was not attained"],
    ],
    [
      "StatefulSet, new",
      { ...apps, kind: "StatefulSet", spec: { replicas: 2 }, status: { observedGeneration: 2 } },
      ["info: [1/2] Waiting for StatefulSet to create Pods (0/2 Pods ready)"],
      ["0 out of 2 replicas succeeded readiness checks"],
    ],
    [
      "StatefulSet, stuck update",
      {
        ...apps,
        kind: "StatefulSet",
        spec: { replicas: 2 },
        status: { observedGeneration: 2, currentRevision: "a", updateRevision: "b" },
        updating: true,
      },
      ["info: [1/3] Waiting for StatefulSet update to roll out (0/2 Pods ready)"],
      [
        "0 out of 2 replicas succeeded readiness checks",
        'StatefulSet controller failed to advance from revision "a" to revision "b"',
      ],
    ],
    [
      "Pod that fits no node",
      {
        kind: "Pod",
        status: { phase: "Pending" },
        events: [
          { type: "Normal", reason: "Other", message: "-" },
          { type: "Warning", reason: "FailedScheduling", message: "0/1 nodes are available" },
        ],
      },
      ['info: Waiting for Pod "x" to be scheduled', "warning: FailedScheduling: 0/1 nodes are available"],
      [],
    ],
    ["Job, new", { apiVersion: "batch/v1", kind: "Job" }, ['info: Waiting for Job "x" to start'], []],
    [
      "Job, started",
      { apiVersion: "batch/v1", kind: "Job", status: { startTime: "2026", active: 1 } },
      ['info: Waiting for Job "x" to succeed (Active: 1 | Succeeded: 0 | Failed: 0)'],
      [],
    ],
    ["PVC without a class", { kind: "PersistentVolumeClaim" }, ['warning: no storage class found for "x"'], []],
    [
      "Service without an address",
      { kind: "Service", spec: { type: "LoadBalancer" } },
      ["info: Waiting for the load balancer to get an address"],
      ["Service was not allocated an IP address; does your cloud provider support this?"],
    ],
  ])("%s", (_title, seen, messages, reasons) => {
    const verdict = judge(seen);
    expect(verdict?.state).toBe("waiting");
    expect(said(verdict?.messages ?? [])).toEqual(messages);
    expect(verdict?.state === "waiting" && verdict.reasons).toEqual(reasons);
  });

  test.each([
    ["Deployment", "apps/v1", "'x' timed out waiting to be Ready"],
    ["PersistentVolumeClaim", "v1", "Timeout occurred polling for 'x'"],
  ])("%s says when the time is up", (kind, apiVersion, want) => {
    expect(waitRuleOf({ apiVersion, kind })?.timedOut("x")).toBe(want);
  });
});

test("§6 Job: a failed one does not come by waiting", () => {
  const failed = condition("Failed", "True", "DeadlineExceeded", "Job was active longer than specified deadline");
  expect(judge({ apiVersion: "batch/v1", kind: "Job", status: { conditions: [failed] } })).toMatchObject({
    state: "failed",
    reasons: ["[DeadlineExceeded] Job was active longer than specified deadline"],
  });
});

test.each([
  ["RoleBinding", "rbac.authorization.k8s.io/v1"],
  ["HorizontalPodAutoscaler", "autoscaling/v2"],
  ["ConfigMap", "v1"],
  ["Secret", "v1"],
  ["ServiceAccount", "v1"],
  ["Namespace", "v1"],
  ["ScaledObject", "keda.sh/v1alpha1"],
])("§6 RoleBinding, HPA and others: no update waits for a %s", (kind, apiVersion) => {
  expect(waitRuleOf({ apiVersion, kind, status: { conditions: [condition("Ready", "False")] } })).toBeUndefined();
});

describe("§6 pulumi.com/waitFor: conditions and paths", () => {
  const custom = (waitFor: string, status?: object): Seen => ({
    apiVersion: "a.b/v1",
    kind: "Thing",
    annotations: { "pulumi.com/waitFor": waitFor },
    spec: { x: "v", list: [{ name: "a", n: 1 }] },
    ...(status && { status }),
  });

  test.each<[string, object | undefined, "ready" | "waiting", string]>([
    ["condition=Ready", undefined, "waiting", "warning: Has no .status.conditions"],
    ["condition=Ready", { conditions: [condition("Ready", "False")] }, "waiting", 'info: Condition "Ready" is False'],
    ["condition=Ready", { conditions: [condition("Other", "True")] }, "waiting", 'info: Waiting for condition "Ready"'],
    ["condition=Ready", { conditions: [condition("Ready", "True")] }, "ready", 'info: Condition "Ready" is True'],
    [
      "condition=Ready",
      { conditions: [{ ...condition("Ready", "True"), observedGeneration: 1 }] },
      "waiting",
      'info: Condition "Ready" is True',
    ],
    [
      "condition=Ready=False",
      { conditions: [condition("Ready", "False")] },
      "ready",
      'info: Condition "Ready" is False',
    ],
    ["jsonpath={.spec.x}=v", undefined, "ready", "info: Found {.spec.x}=v"],
    ["jsonpath={.spec.x}=w", undefined, "waiting", "info: Found {.spec.x}=v"],
    ["jsonpath={.spec.x}", undefined, "ready", "info: Found {.spec.x}=v"],
    ["jsonpath={.status.phase}", undefined, "waiting", "info: Missing {.status.phase}"],
    ['jsonpath={.spec.list[?(@.name=="a")].n}=1', undefined, "ready", 'info: Found {.spec.list[?(@.name=="a")].n}=1'],
  ])("%s with %j is %s", (annotation, status, state, message) => {
    const verdict = judge(custom(annotation, status));
    expect(verdict?.state).toBe(state);
    expect(said(verdict?.messages ?? [])).toEqual([message]);
  });

  test("a list has to be met whole", () => {
    const list = '["condition=Ready", "jsonpath={.spec.x}=v"]';
    expect(judge(custom(list, { conditions: [condition("Ready", "True")] }))?.state).toBe("ready");
    expect(judge(custom(list, { conditions: [condition("Ready", "False")] }))?.state).toBe("waiting");
  });

  test("anything else is refused, and a timeout has words of its own", () => {
    expect(() => judge(custom("nonsense"))).toThrow('expected a "jsonpath=" or "condition=" prefix, got "nonsense"');
    expect(waitRuleOf(object(custom("condition=Ready")))?.timedOut("x")).toBe("timed out waiting for the condition");
  });
});

test.each([
  ["customTimeouts win", { "pulumi.com/timeoutSeconds": "12" }, 5000, 5000],
  ["then the annotation", { "pulumi.com/timeoutSeconds": "12" }, undefined, 12_000],
  ["an annotation that is no number is none", { "pulumi.com/timeoutSeconds": "soon" }, undefined, 600_000],
  ["then the default", {}, undefined, 600_000],
])("§6 timeout order: %s", (_title, annotations, custom, want) => {
  expect(timeoutOf({ kind: "Deployment", metadata: { annotations } }, custom)).toBe(want);
});

test.each([
  ["true", true],
  ["True", true],
  ["false", false],
])("§6 skipAwait: %s: %s", (value, want) => {
  expect(skipsAwait({ metadata: { annotations: { "pulumi.com/skipAwait": value } } })).toBe(want);
});
