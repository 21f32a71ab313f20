import { describe, expect, test } from "vitest";
import type { Properties } from "../../../src/providers/base/values.ts";
import { until } from "../../support/sandbox.ts";
import { configMap, custom, definition, podSpec, tooMuch, workload } from "./support/objects.ts";
import { NotLive, type Options, type Plugin, urnOf } from "./support/plugin.ts";
import { usePlugin } from "./support/site.ts";

/** These tests wait, so they run concurrently; each has its own objects. */
const site = usePlugin();
const deployment = (name: string) => urnOf("apps/v1:Deployment", name);

async function failed(call: Promise<unknown>): Promise<NotLive> {
  const outcome = await call.catch((error: unknown) => error);
  if (outcome instanceof NotLive) return outcome;
  throw outcome instanceof Error ? outcome : new Error("it came up");
}

const created = (urn: string, why: string) =>
  `resource "${urn}" was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live: ${why}`;
const updated = (name: string, why: string) =>
  `the Kubernetes API server reported that "default/${name}" failed to fully initialize or become live: ${why}`;

describe.concurrent("§6 await", { timeout: 120_000 }, () => {
  test("§6 Deployment ok: progress, then an empty line", async () => {
    const { plugin } = site();
    const kept = await plugin.create(deployment("ok"), workload("Deployment", "ok", { replicas: 2 }));
    expect(kept.outputs.status).toMatchObject({ availableReplicas: 2, updatedReplicas: 2 });
    const said = plugin.messages(kept.urn);
    expect(said).toContain("(info: Waiting for app ReplicaSet to be available (0/2 Pods available))");
    expect(said.slice(-2)).toEqual(["(info: Deployment initialization complete)", "(info: )"]);
  });

  test("§6 Deployment, no node fits; state afterwards; next up; refresh while unready; recovery", async () => {
    const { plugin } = site();
    const news = workload("Deployment", "nf", { replicas: 2, cpu: tooMuch });
    const create = await failed(plugin.create(deployment("nf"), news, { timeoutSeconds: 2 }));
    expect(create.reasons).toEqual([
      created(deployment("nf"), "'nf' timed out waiting to be Ready"),
      "Minimum number of live Pods was not attained",
    ]);
    expect(create.kept.id).toBe("default/nf");
    expect(create.kept.outputs).toMatchObject({ status: { unavailableReplicas: 2 }, __inputs: { kind: "Deployment" } });
    expect(plugin.messages(deployment("nf"))).toContain(
      "(warning: [MinimumReplicasUnavailable] Deployment does not have minimum availability.)",
    );

    const inputs = await plugin.check(deployment("nf"), news);
    const kept = { urn: deployment("nf"), ...create.kept, inputs };
    expect((await plugin.diff(kept, news)).changes).toEqual({});
    await plugin.update(kept, news, { preview: true });
    const update = await failed(plugin.update(kept, news, { timeoutSeconds: 1 }));
    expect(update.reasons).toEqual([
      updated("nf", "'nf' timed out waiting to be Ready"),
      "Minimum number of live Pods was not attained",
    ]);

    const refresh = await failed(plugin.read(kept));
    expect(refresh.reasons[0]).toBe("Resource 'nf' was created but failed to initialize");
    expect(refresh.reasons).toContain("[MinimumReplicasUnavailable] Deployment does not have minimum availability.");
    expect(refresh.kept.inputs).toEqual(inputs);
    expect(plugin.messages(kept.urn)).toContainEqual(
      expect.stringMatching(/^warning: Refreshed resource is in an unhealthy state:/),
    );

    await plugin.update(kept, workload("Deployment", "nf", { replicas: 2 }));
  });

  test("§6 progressDeadline exceeded: a warning, reported at the end, without ending the wait", async () => {
    const { plugin } = site();
    const spec = { progressDeadlineSeconds: 1 };
    const urn = deployment("pd");
    const failure = await failed(
      plugin.create(urn, workload("Deployment", "pd", { replicas: 1, cpu: tooMuch, spec }), { timeoutSeconds: 6 }),
    );
    expect(failure.reasons[0]).toBe(created(urn, "'pd' timed out waiting to be Ready"));
    expect(failure.reasons.at(-1)).toMatch(
      /^\[ProgressDeadlineExceeded\] ReplicaSet "pd-\w+" has timed out progressing.$/,
    );
  });

  test("§6 timeout order: customTimeouts override the annotation; the annotation alone applies too", async () => {
    const { plugin } = site();
    const stuck = (name: string, seconds: string) => ({
      ...workload("Deployment", name, {
        replicas: 1,
        cpu: tooMuch,
        annotations: { "pulumi.com/timeoutSeconds": seconds },
      }),
    });
    await failed(plugin.create(deployment("to1"), stuck("to1", "3600"), { timeoutSeconds: 1 }));
    await failed(plugin.create(deployment("to2"), stuck("to2", "1")));
  });

  test("§6 replicas 0: done at once; skipAwait: no wait, also in a refresh", async () => {
    const { plugin } = site();
    await plugin.create(deployment("zero"), workload("Deployment", "zero", { replicas: 0, cpu: tooMuch }));
    const annotations = { "pulumi.com/skipAwait": "true" };
    const kept = await plugin.create(
      deployment("skip"),
      workload("Deployment", "skip", { replicas: 1, cpu: tooMuch, annotations }),
    );
    expect(plugin.messages(kept.urn)).toEqual(["(info: Skipping await logic)"]);
    expect(await plugin.read(kept)).toBeDefined();
  });

  test("§6 StatefulSet: ready, unready, and an update that does not advance", async () => {
    const { plugin } = site();
    const urn = urnOf("apps/v1:StatefulSet", "set");
    const kept = await plugin.create(urn, workload("StatefulSet", "set", { replicas: 1 }));
    const failure = await failed(
      plugin.update(kept, workload("StatefulSet", "set", { replicas: 1, cpu: tooMuch }), { timeoutSeconds: 4 }),
    );
    expect(failure.reasons).toEqual([
      updated("set", "'set' timed out waiting to be Ready"),
      "0 out of 1 replicas succeeded readiness checks",
      expect.stringMatching(/^StatefulSet controller failed to advance from revision "set-\w+" to revision "set-\w+"$/),
    ]);
    const late = urnOf("apps/v1:StatefulSet", "late");
    const unready = plugin.create(late, workload("StatefulSet", "late", { replicas: 2, cpu: tooMuch }), {
      timeoutSeconds: 1,
    });
    expect((await failed(unready)).reasons).toEqual([
      created(late, "'late' timed out waiting to be Ready"),
      "0 out of 2 replicas succeeded readiness checks",
    ]);
    expect(plugin.messages(late)).toContain("(info: [1/2] Waiting for StatefulSet to create Pods (0/2 Pods ready))");
    expect(plugin.messages(urn)).toContain("(info: [1/3] Waiting for StatefulSet update to roll out (0/1 Pods ready))");
  });

  test("§6 DaemonSet: on every node", async () => {
    const kept = await site().plugin.create(urnOf("apps/v1:DaemonSet", "every"), workload("DaemonSet", "every"));
    expect(kept.outputs.status).toMatchObject({ desiredNumberScheduled: 2, numberAvailable: 2 });
  });

  test("§6 Pod: its wait messages, and the scheduler's message", async () => {
    const { plugin } = site();
    const pod = (name: string, cpu?: string) => ({ metadata: { name }, spec: podSpec("agent:1", cpu) });
    await plugin.create(urnOf("core/v1:Pod", "up"), pod("up"));
    const urn = urnOf("core/v1:Pod", "pd");
    const failure = await failed(plugin.create(urn, pod("pd", tooMuch), { timeoutSeconds: 3 }));
    expect(failure.reasons[0]).toBe(created(urn, "'pd' timed out waiting to be Ready"));
    expect(plugin.messages(urn)[0]).toBe('(info: Waiting for Pod "pd" to be scheduled)');
    expect(plugin.messages(urn)).toContainEqual(
      expect.stringMatching(/^\(warning: FailedScheduling: 0\/2 nodes are available/),
    );
  });

  test("§6 Job: done when complete; a failed one ends at once", async () => {
    const { plugin } = site();
    const job = (name: string, cpu: string, spec: object) => ({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name },
      spec: { template: { spec: { restartPolicy: "Never", ...podSpec("agent:1", cpu) } }, ...spec },
    });
    const urn = urnOf("batch/v1:Job", "jb");
    const failure = await failed(plugin.create(urn, job("jb", tooMuch, { activeDeadlineSeconds: 1 })));
    expect(failure.reasons).toEqual([
      created(urn, "Resource 'jb' was created but failed to initialize"),
      "[DeadlineExceeded] Job was active longer than specified deadline",
    ]);
    expect(plugin.messages(urn)).toContain(
      '(info: Waiting for Job "jb" to succeed (Active: 1 | Succeeded: 0 | Failed: 0))',
    );
    const done = await plugin.create(urnOf("batch/v1:Job", "done"), job("done", "10m", {}));
    expect(done.outputs.status).toMatchObject({ succeeded: 1 });
  });

  test("§6 PVC: bound; pending without a class; WaitForFirstConsumer is done", async () => {
    const { plugin } = site();
    const claim = (name: string, storageClassName: string) => ({
      metadata: { name },
      spec: { accessModes: ["ReadWriteOnce"], storageClassName, resources: { requests: { storage: "1Gi" } } },
    });
    const urn = (name: string) => urnOf("core/v1:PersistentVolumeClaim", name);
    await plugin.create(urn("bound"), claim("bound", "standard"));
    await plugin.create(urn("consumer"), claim("consumer", "standard-wait"));
    const failure = await failed(plugin.create(urn("none"), claim("none", "no-such-class"), { timeoutSeconds: 1 }));
    expect(failure.reasons).toEqual([created(urn("none"), "Timeout occurred polling for 'none'")]);
  });

  test("§6 Service with selector, without, headless, ExternalName: done; LoadBalancer: reports what is missing", async () => {
    const { plugin } = site();
    const urn = (name: string) => urnOf("core/v1:Service", name);
    const service = (name: string, spec: Properties) => ({
      metadata: { name },
      spec: { ports: [{ port: 80 }], ...spec },
    });
    await plugin.create(urn("s1"), service("s1", { selector: { app: "none" } }));
    await plugin.create(urn("s2"), service("s2", {}));
    await plugin.create(urn("s3"), service("s3", { clusterIP: "None", selector: { app: "none" } }));
    await plugin.create(urn("s5"), {
      metadata: { name: "s5" },
      spec: { type: "ExternalName", externalName: "a.example" },
    });
    expect(plugin.messages(urn("s1"))).toEqual(["(info: Service initialization complete)", "(info: )"]);
    const balancer = service("s4", { type: "LoadBalancer", selector: { app: "none" } });
    const failure = await failed(plugin.create(urn("s4"), balancer, { timeoutSeconds: 1 }));
    expect(failure.reasons).toEqual([
      created(urn("s4"), "'s4' timed out waiting to be Ready"),
      "Service was not allocated an IP address; does your cloud provider support this?",
    ]);
  });

  test("§6 waitFor, custom resource without it: conditions and paths", async () => {
    const { plugin, kubectl } = site();
    await kubectl(["create", "-f", "-"], definition("Waited"));
    const urn = (name: string) => urnOf("test.dev/v1:Waited", name);
    const create = (name: string, waitFor: string | undefined, options: Options = {}) =>
      plugin.create(
        urn(name),
        custom("Waited", name, { x: "v" }, waitFor === undefined ? undefined : { "pulumi.com/waitFor": waitFor }),
        options,
      );
    const patch = JSON.stringify({ status: { conditions: [{ type: "Ready", status: "True" }] } });
    await create("plain", undefined);
    await create("path", "jsonpath={.spec.x}=v");
    expect(plugin.messages(urn("path"))).toContain("(info: Found {.spec.x}=v)");

    const never = await failed(create("never", "condition=Ready", { timeoutSeconds: 1 }));
    expect(never.reasons).toEqual([created(urn("never"), "timed out waiting for the condition")]);
    expect(plugin.messages(urn("never"))).toContain("(warning: Has no .status.conditions)");

    const later = create("later", "condition=Ready");
    await until("it waits", () => plugin.messages(urn("later")).includes("(warning: Has no .status.conditions)"));
    await kubectl(["patch", "waited", "later", "--subresource=status", "--type=merge", "-p", patch]);
    const kept = await later;
    expect((await plugin.diff(kept, custom("Waited", "later", { x: "v" }))).changes).toEqual({
      "metadata.annotations": "delete",
    });

    const nonsense = await failed(create("odd", "nonsense"));
    expect(nonsense.reasons).toEqual([
      created(urn("odd"), 'expected a "jsonpath=" or "condition=" prefix, got "nonsense"'),
    ]);
  });

  test.each([
    [
      "rbac.authorization.k8s.io/v1:Role",
      "role",
      { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
    ],
    [
      "rbac.authorization.k8s.io/v1:RoleBinding",
      "binding",
      { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "role" } },
    ],
    [
      "autoscaling/v2:HorizontalPodAutoscaler",
      "hpa",
      { spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "x" } } },
    ],
    ["core/v1:Secret", "secret", {}],
    ["core/v1:ServiceAccount", "account", {}],
    ["core/v1:Namespace", "space", {}],
    ["policy/v1:PodDisruptionBudget", "budget", { spec: { maxUnavailable: 1, selector: { matchLabels: { a: "b" } } } }],
    ["networking.k8s.io/v1:NetworkPolicy", "policy", { spec: { podSelector: {}, policyTypes: ["Ingress"] } }],
    ["core/v1:ResourceQuota", "quota", { spec: { hard: { pods: "1000", "requests.cpu": "1000m" } } }],
    ["core/v1:LimitRange", "limits", { spec: { limits: [{ type: "Container", defaultRequest: { cpu: "1000m" } }] } }],
    ["storage.k8s.io/v1:StorageClass", "class", { provisioner: "a.b/c" }],
    ["scheduling.k8s.io/v1:PriorityClass", "class", { value: 7 }],
  ])("§13.1 %s: created at once, no change after it", async (type, name, rest) => {
    const { plugin } = site();
    const namespace =
      type.startsWith("core/v1:ResourceQuota") || type.includes("LimitRange") ? "kube-public" : undefined;
    const news = { metadata: { name, ...(namespace !== undefined && { namespace }) }, ...rest };
    const kept = await plugin.create(urnOf(type, name), news);
    expect((await plugin.diff(kept, news)).changes).toEqual({});
    const read = await plugin.read(kept);
    expect(read?.inputs).toEqual(kept.inputs);
    expect(plugin.messages(urnOf(type, name)).filter((line) => !line.endsWith(": )"))).toEqual([]);
  });

  test("§6 cancelled: a create and a delete that wait end at once, with their last status", async () => {
    const plugin: Plugin = await site().start({}, { id: "cancelled" });
    const create = failed(plugin.create(deployment("cn"), workload("Deployment", "cn", { replicas: 1, cpu: tooMuch })));
    await until("the create waits", () => plugin.messages(deployment("cn")).length > 0);
    const urn = urnOf("core/v1:ConfigMap", "held");
    const kept = await plugin.create(urn, configMap("held", {}, { finalizers: ["swarmstack.dev/test"] }));
    const removal = plugin.delete(kept).catch((error: unknown) => error);
    await until("the delete waits", () => plugin.messages(urn).includes("(info: Resource scheduled for deletion)"));
    await plugin.cancel();
    await plugin.cancel();
    expect((await create).reasons).toEqual([
      created(deployment("cn"), 'Resource operation was cancelled for "cn"'),
      "Minimum number of live Pods was not attained",
    ]);
    expect(await removal).toMatchObject({ message: 'Resource operation was cancelled for "held"' });
    await plugin.create(urnOf("core/v1:ConfigMap", "after"), configMap("after", {}));
  });
});
