import { describe, expect, test } from "vitest";
import { isAutonamed } from "../../../src/providers/kubernetes/inputs/auto-name.ts";
import { recordAt, textAt, valueIn } from "../../../src/providers/kubernetes/object.ts";
import { configMap, custom, definition, workload } from "./support/objects.ts";
import { type Kept, NotLive, urnOf } from "./support/plugin.ts";
import { usePlugin } from "./support/site.ts";

const site = usePlugin();
const maps = (name: string, stack?: string) => urnOf("core/v1:ConfigMap", name, stack);
const managers = (kept: Kept) =>
  (valueIn(kept.outputs, "metadata", "managedFields") as { manager: string; operation: string }[]).map(
    ({ manager, operation }) => `${manager} ${operation}`,
  );

describe("§2 identity, names, state shape", () => {
  test("§2 id, outputs, inputs: the official shape, dates as the server wrote them", async () => {
    const kept = await site().plugin.create(maps("shape"), configMap("shape", { a: "1" }));
    expect(kept.id).toBe("default/shape");
    expect(kept.inputs).toEqual(configMap("shape", { a: "1" }, { namespace: "default" }));
    const { __fieldManager, __initialApiVersion, __inputs, ...live } = kept.outputs;
    expect(__fieldManager).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
    expect({ __initialApiVersion, __inputs }).toEqual({ __initialApiVersion: "v1", __inputs: kept.inputs });
    expect(
      JSON.parse(await site().kubectl(["get", "configmap", "shape", "-o", "json", "--show-managed-fields"])),
    ).toEqual(live);
    expect(textAt(live, "metadata", "creationTimestamp")).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  test("§2 id of a cluster-scoped object, and no default namespace for it", async () => {
    const news = { metadata: { name: "low" }, value: 5, globalDefault: false };
    const kept = await site().plugin.create(urnOf("scheduling.k8s.io/v1:PriorityClass", "low"), news);
    expect(kept.id).toBe("low");
    expect(kept.inputs).toEqual({ apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", ...news });
    expect((await site().plugin.diff(kept, news)).changes).toEqual({});
  });

  test("§2 auto-naming, auto-name kept: kept by updates, made anew by a replacement; a proposal of the engine is used", async () => {
    const { plugin } = site();
    const news = { data: { a: "1" } };
    const kept = await plugin.create(maps("auto"), news);
    expect(kept.id).toMatch(/^default\/auto-[0-9a-f]{8}$/);
    expect(isAutonamed(kept.inputs)).toBe(true);
    expect(await plugin.check(kept.urn, news, kept.inputs)).toEqual(kept.inputs);
    expect(await plugin.diff(kept, { data: { a: "2" } })).toEqual({
      changes: { "data.a": "update-replace" },
      deleteBeforeReplace: false,
    });
    const proposed = await plugin.check(maps("auto"), news, undefined, { autonaming: "auto-proposed" });
    expect(textAt(proposed, "metadata", "name")).toBe("auto-proposed");
  });

  test("§2 auto-name kept: a name that the program takes away is a replacement", async () => {
    const kept = await site().plugin.create(maps("named"), configMap("named", {}));
    expect((await site().plugin.diff(kept, { data: {} })).changes).toMatchObject({ "metadata.name": "delete-replace" });
  });

  test("§2 auto-naming disabled, generateName, lists: refused in words", async () => {
    const { plugin } = site();
    const failures = async (type: string, news: object, autonaming?: "disable") => {
      const options = autonaming === undefined ? {} : { autonaming };
      const reply = await plugin.checked(urnOf(type, "x"), news as Record<string, unknown>, undefined, options);
      return reply.getFailuresList().map((failure) => failure.getReason());
    };
    expect(await failures("core/v1:ConfigMap", {}, "disable")).toEqual([
      "autonaming is disabled, resource requires the .metadata.name field to be set",
    ]);
    expect(await failures("core/v1:ConfigMap", { metadata: { generateName: "x-" } })).toEqual([
      "the `.metadata.generateName` field is not supported in Server-Side Apply mode",
    ]);
    expect(await failures("core/v1:ConfigMapList", { items: [] })).toEqual([expect.stringContaining("list resources")]);
  });

  test("§2 name of wrong case or length: the server's words, in a preview too", async () => {
    const invalid = /is invalid: metadata.name: Invalid value/;
    await expect(site().plugin.create(maps("case"), configMap("UPPER", {}))).rejects.toThrow(invalid);
    await expect(site().plugin.create(maps("case"), configMap("UPPER", {}), { preview: true })).rejects.toThrow(
      /^Preview failed: .*is invalid/,
    );
  });

  test("§2 stringData: becomes data", async () => {
    const kept = await site().plugin.create(urnOf("core/v1:Secret", "sd"), {
      metadata: { name: "sd" },
      stringData: { key: "value-of-key" },
    });
    expect(kept.inputs).toMatchObject({ data: { key: Buffer.from("value-of-key").toString("base64") } });
    expect(kept.inputs).not.toHaveProperty("stringData");
  });
});

describe("§3 create", () => {
  test("§3 call: POST by pulumi-kubernetes, and the owner beside it", async () => {
    const kept = await site().plugin.create(maps("post"), configMap("post", { a: "1" }));
    expect(managers(kept)).toEqual(["pulumi-kubernetes Update"]);
    expect(valueIn(kept.outputs, "metadata", "annotations")).toEqual({
      "swarmstack.dev/owner": `${maps("post")} provider-1`,
    });
  });

  test("§3 wrong type, unknown fields: the server's words as error and as warning", async () => {
    const { plugin } = site();
    const urn = urnOf("apps/v1:Deployment", "wrong");
    const wrong = workload("Deployment", "wrong", { spec: { replicas: "many" } });
    await expect(plugin.create(urn, wrong, { preview: true })).rejects.toThrow(
      `Preview failed: resource "${urn}" was not successfully created by the Kubernetes API server: Deployment in version "v1" cannot be handled as a Deployment`,
    );
    await expect(plugin.create(urn, wrong)).rejects.toThrow(/^resource ".*" was not successfully created/);
    const odd = { ...configMap("odd", {}), color: "red" };
    await plugin.create(maps("odd"), odd);
    expect(plugin.messages(maps("odd"))).toContain('warning: unknown field "color"');
  });

  test.each([
    ["kubectl create", ["create", "-f", "-"], '"kubectl-create" made it'],
    ["kubectl apply", ["apply", "-f", "-"], '"kubectl-client-side-apply" made it'],
    ["another manager", ["apply", "--server-side", "--field-manager", "flux", "-f", "-"], '"flux" made it'],
  ])("§3 exists already, by %s: preview is silent, up refuses and names who made it", async (how, args, maker) => {
    const name = how.replaceAll(" ", "-");
    await site().kubectl(args, configMap(name, { a: "1" }));
    await site().plugin.create(maps(name), configMap(name, { a: "1" }), { preview: true });
    const refusal = site().plugin.create(maps(name), configMap(name, { a: "1" }, { annotations: patchForce }));
    await expect(refusal).rejects.toThrow(
      `resource "${maps(name)}" was not successfully created by the Kubernetes API server: configmaps "${name}" already exists`,
    );
    await expect(refusal).rejects.toThrow(maker);
    await expect(refusal).rejects.toThrow(/pulumi import.*upsertExistingObjects.*aliases/);
  });

  test("§3 exists already, of another stack: refused with its name", async () => {
    await site().plugin.create(maps("ours"), configMap("ours", { a: "1" }));
    await expect(site().plugin.create(maps("ours", "prod"), configMap("ours", { a: "2" }))).rejects.toThrow(
      'configmaps "ours" already exists: it belongs to stack dev of project plugin-test (resource ours, kubernetes:core/v1:ConfigMap)',
    );
  });

  test("§3 exists already, of a stack with the very same names but another state: refused", async () => {
    await site().plugin.create(maps("twins"), configMap("twins", { a: "1" }));
    const other = await site().start({}, { id: "provider-2" });
    await expect(other.create(maps("twins"), configMap("twins", { a: "2" }))).rejects.toThrow(
      /already exists: it belongs to stack dev.*another state with the same names/,
    );
  });

  test("§3 left by a killed run: adopted, brought in line, and updated like any other", async () => {
    const { plugin, kubectl } = site();
    const urn = urnOf("apps/v1:Deployment", "left");
    await plugin.create(urn, workload("Deployment", "left", { replicas: 1, spec: { minReadySeconds: 1 } }));
    const adopted = await plugin.create(urn, workload("Deployment", "left", { replicas: 2 }));
    expect(adopted.outputs.spec).toMatchObject({ replicas: 2 });
    expect(adopted.outputs.spec).not.toHaveProperty("minReadySeconds");
    const again = await plugin.create(urn, workload("Deployment", "left", { replicas: 2, image: "agent:2" }));
    expect(again.outputs.__fieldManager).toBe(adopted.outputs.__fieldManager);
    await plugin.delete(again);
    await expect(kubectl(["get", "deployment", "left"])).rejects.toThrow("not found");
  });

  test("§3 upsertExistingObjects, patchForce: taken over; a conflict unless forced; foreign fields stay", async () => {
    const { kubectl, start } = site();
    const upsert = await start({ upsertExistingObjects: "true" });
    await kubectl(["create", "-f", "-"], configMap("up", { a: "1", b: "2" }));
    await expect(upsert.create(maps("up"), configMap("up", { a: "9" }))).rejects.toThrow(
      /server-side apply field conflict detected.*conflict with "kubectl-create" using v1: .data.a/s,
    );
    const forced = await upsert.create(maps("up"), configMap("up", { a: "9" }, { annotations: patchForce }));
    expect(forced.outputs.data).toEqual({ a: "9", b: "2" });
    await upsert.delete(forced);
    await expect(kubectl(["get", "configmap", "up"])).rejects.toThrow("not found");
    const byFlag = await start({ upsertExistingObjects: "true", enablePatchForce: "true" });
    await kubectl(["create", "-f", "-"], configMap("up", { a: "1" }));
    expect((await byFlag.create(maps("up"), configMap("up", { a: "8" }))).outputs.data).toEqual({ a: "8" });
  });

  test("§3 retried errors: a namespace and a kind that come later, and what is not retried", async () => {
    const { plugin, kubectl } = site();
    const urn = maps("later");
    const thing = urnOf("test.dev/v1:Later", "later");
    const both = Promise.all([
      plugin.create(urn, configMap("later", {}, { namespace: "later" })),
      plugin.create(thing, custom("Later", "later", { a: 1 })),
    ]);
    await expect.poll(() => plugin.messages(urn).length).toBeGreaterThan(0);
    await expect.poll(() => plugin.messages(thing).length).toBeGreaterThan(0);
    await kubectl(["create", "-f", "-"], definition("Later"));
    await kubectl(["create", "namespace", "later"]);
    await both;
    expect(plugin.messages(urn)[0]).toBe('(info: Retry #0; creation failed: namespaces "later" not found)');
    expect(plugin.messages(thing)[0]).toBe(
      '(info: Retry #0; creation failed: no matches for kind "Later" in version "test.dev/v1")',
    );
  });

  test("§3 preview outputs, unknown values: what only the server knows is unknown", async () => {
    const { plugin } = site();
    const service = { metadata: { name: "svc" }, spec: { selector: { a: "b" }, ports: [{ port: 80 }] } };
    const dry = await plugin.create(urnOf("core/v1:Service", "svc"), service, { preview: true });
    const { outputs } = dry;
    for (const path of [["metadata", "uid"], ["metadata", "resourceVersion"], ["status"], ["spec", "clusterIP"]]) {
      expect(valueIn(outputs, ...path), path.join(".")).toBe(unknown);
    }
    expect(valueIn(outputs, "spec", "sessionAffinity")).toBe("None");
    const open = await plugin.create(maps("open"), configMap("open", { a: unknown }), { preview: true });
    expect(open.outputs).toMatchObject({ data: { a: unknown }, metadata: { name: "open", uid: unknown } });
    await expect(site().kubectl(["get", "service", "svc"])).rejects.toThrow("not found");
  });

  test("§3 namespace not yet created, kind unknown: a preview echoes the inputs", async () => {
    const { plugin } = site();
    const early = await plugin.create(maps("early"), configMap("early", {}, { namespace: "none" }), { preview: true });
    expect(early.outputs).toMatchObject(early.inputs);
    const thing = await plugin.create(urnOf("no.such/v1:Thing", "t"), { metadata: { name: "t" } }, { preview: true });
    expect(thing.outputs).toMatchObject({ apiVersion: "no.such/v1", kind: "Thing" });
    expect(thing.outputs).not.toHaveProperty("__inputs");
  });
});

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const patchForce = { "pulumi.com/patchForce": "true" };

describe("§4 update", () => {
  test("§4 call, taking over ownership: our manager applies, edits by kubectl are overwritten, a removed field goes", async () => {
    const { plugin, kubectl } = site();
    const labels = { keep: "1", drop: "1" };
    const created = await plugin.create(maps("own"), configMap("own", { a: "1" }, { labels }));
    await kubectl(["label", "configmap", "own", "keep=9", "by-hand=1", "--overwrite"]);
    const dry = await plugin.update(created, configMap("own", { a: "1" }, { labels: { keep: "2" } }), {
      preview: true,
    });
    expect(valueIn(dry.outputs, "metadata", "labels")).toMatchObject({ keep: "2" });
    const updated = await plugin.update(created, configMap("own", { a: "1" }, { labels: { keep: "2" } }));
    expect(valueIn(updated.outputs, "metadata", "labels")).toEqual({ keep: "2" });
    expect(managers(updated)).toEqual([`${created.outputs.__fieldManager} Apply`]);
  });

  test("§4 conflict, state after a failed update: another controller's field is not taken", async () => {
    const { plugin, kubectl } = site();
    const urn = urnOf("apps/v1:Deployment", "conflict");
    const created = await plugin.create(urn, workload("Deployment", "conflict", { replicas: 1 }));
    await kubectl(["scale", "deployment", "conflict", "--replicas", "2"]);
    const news = workload("Deployment", "conflict", { replicas: 1, image: "agent:2" });
    await expect(plugin.update(created, news, { preview: true })).rejects.toThrow(/^Preview failed: .*field conflict/);
    const failure = await plugin.update(created, news).catch((error: unknown) => error);
    if (!(failure instanceof NotLive)) throw failure;
    expect(failure.reasons).toEqual([expect.stringMatching(conflictText)]);
    expect(failure.kept.id).toBe("default/conflict");
    expect(failure.kept.inputs).toEqual({});
    expect(failure.kept.outputs).toMatchObject({
      spec: { replicas: 2 },
      __inputs: { spec: { replicas: 1, template: { spec: { containers: [{ image: "agent:2" }] } } } },
    });
    // The recorded live object still has the old image: the next diff asks again.
    const { changes } = await plugin.diff({ ...created, outputs: failure.kept.outputs }, news);
    expect(changes).toMatchObject({ "spec.template.spec.containers[0].image": "update" });

    const ignoring = await plugin.update(created, news, { ignoreChanges: ["spec.replicas"] });
    expect(ignoring.outputs).toMatchObject({ spec: { replicas: 2 } });
    expect(valueIn(ignoring.outputs, "__inputs", "spec")).not.toHaveProperty("replicas");

    const forced = { ...news, metadata: { name: "conflict", annotations: patchForce } };
    expect((await plugin.update(created, forced)).outputs).toMatchObject({ spec: { replicas: 1 } });
  });

  test("§4 ignoreChanges: a field that only we hold is sent with the old value, and kept", async () => {
    const { plugin } = site();
    const urn = urnOf("apps/v1:Deployment", "held");
    const created = await plugin.create(urn, workload("Deployment", "held", { replicas: 2 }));
    const news = workload("Deployment", "held", { replicas: 2, image: "agent:2" });
    const updated = await plugin.update(created, news, { ignoreChanges: ["spec.replicas"] });
    expect(updated.outputs).toMatchObject({ spec: { replicas: 2 }, __inputs: { spec: { replicas: 2 } } });
  });

  test("§4 field removed: re-defaulted, or kept by the autoscaler that owns it", async () => {
    const { plugin, kubectl } = site();
    const urn = urnOf("apps/v1:Deployment", "removed");
    const created = await plugin.create(urn, workload("Deployment", "removed", { replicas: 2 }));
    const without = await plugin.update(created, workload("Deployment", "removed"));
    expect(without.outputs).toMatchObject({ spec: { replicas: 1 } });
    await kubectl(["scale", "deployment", "removed", "--replicas", "3"]);
    const image = await plugin.update(without, workload("Deployment", "removed", { image: "agent:2" }));
    expect(image.outputs).toMatchObject({ spec: { replicas: 3 } });
  });

  test("§4 object deleted by hand: the update fails and makes nothing", async () => {
    const { plugin, kubectl } = site();
    const created = await plugin.create(maps("gone"), configMap("gone", {}));
    await kubectl(["delete", "configmap", "gone"]);
    await expect(plugin.update(created, configMap("gone", {}, { labels: { a: "b" } }))).rejects.toThrow(
      `update of resource "${maps("gone")}" failed: configmaps "gone" not found`,
    );
    await expect(kubectl(["get", "configmap", "gone"])).rejects.toThrow("not found");
  });

  test("§4 apiVersion change: in place, and the first version stays on record", async () => {
    const { plugin } = site();
    const hpa = (version: string, spec: object) => ({
      apiVersion: `autoscaling/${version}`,
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "hpa" },
      spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "x" }, maxReplicas: 3, ...spec },
    });
    const created = await plugin.create(urnOf("autoscaling/v1:HorizontalPodAutoscaler", "hpa"), hpa("v1", {}));
    const news = hpa("v2", { minReplicas: 1 });
    expect((await plugin.diff(created, news)).changes).toMatchObject({ apiVersion: "update" });
    const moved = await plugin.update(created, news);
    expect(moved.outputs).toMatchObject({ apiVersion: "autoscaling/v2", __initialApiVersion: "autoscaling/v1" });
  });

  test("§4 another stack made an object of the name: the update refuses and names it", async () => {
    const { plugin, kubectl } = site();
    const created = await plugin.create(maps("swap"), configMap("swap", { a: "1" }));
    await kubectl(["delete", "configmap", "swap"]);
    await plugin.create(maps("swap", "prod"), configMap("swap", { a: "2" }));
    const failure = plugin.update(created, configMap("swap", { a: "1" }, { labels: { b: "c" } }));
    await expect(failure).rejects.toThrow("it belongs to stack prod of project plugin-test");
    await plugin.delete(created);
    expect(plugin.messages(maps("swap")).at(-1)).toMatch(/^warning: left alone.*stack prod/);
    expect(await kubectl(["get", "configmap", "swap", "-o", "jsonpath={.data.a}"])).toBe("2");
    expect(await plugin.read(created)).toBeUndefined();
  });
});

const conflictText =
  /the Kubernetes API server reported that "default\/conflict" failed to fully initialize or become live: server-side apply field conflict detected, see \S+ for troubleshooting help\nThe resource managed by field manager "pulumi-kubernetes-[0-9a-f]{8}" had an apply conflict: Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps\/v1: .spec.replicas/;

describe("§7 refresh, import, get", () => {
  test("§7 changed by hand: live values at the program's own places, and the diff shows the way back", async () => {
    const { plugin, kubectl } = site();
    const created = await plugin.create(maps("drift"), configMap("drift", { a: "1" }));
    await kubectl(["patch", "configmap", "drift", "--type=merge", "-p", '{"data":{"a":"9","b":"2"}}']);
    await kubectl(["label", "configmap", "drift", "x=y"]);
    const read = await plugin.read(created);
    expect(read?.inputs).toEqual({ ...created.inputs, data: { a: "9" } });
    expect(read?.outputs).toMatchObject({ data: { a: "9", b: "2" } });
    if (read === undefined) throw new Error("it is gone");
    expect(await plugin.diff(read, configMap("drift", { a: "1" }))).toEqual({
      changes: { "data.a": "update-replace" },
      deleteBeforeReplace: true,
    });
  });

  test("§7 nothing changed: the same, whatever the status says", async () => {
    const { plugin } = site();
    const news = workload("Deployment", "same", { replicas: 1, cpu: "1000m" });
    const created = await plugin.create(urnOf("apps/v1:Deployment", "same"), news);
    const read = await plugin.read(created);
    expect(read?.inputs).toEqual(created.inputs);
    if (read === undefined) throw new Error("it is gone");
    expect((await plugin.diff(read, news)).changes).toEqual({});
  });

  test("§7 deleted by hand, kind or CRD gone: an empty answer", async () => {
    const { plugin, kubectl } = site();
    const map = await plugin.create(maps("lost"), configMap("lost", {}));
    await kubectl(["create", "-f", "-"], definition("Lost"));
    const thing = await plugin.create(urnOf("test.dev/v1:Lost", "lost"), custom("Lost", "lost", {}));
    await kubectl(["delete", "configmap", "lost"]);
    await kubectl(["delete", "crd", "losts.test.dev"]);
    expect(await plugin.read(map)).toBeUndefined();
    expect(await plugin.read(thing)).toBeUndefined();
    await plugin.delete(map);
    await plugin.delete(thing);
  });

  test("§7 import, of a missing id: what was applied comes back as inputs, and the same program shows no change", async () => {
    const { plugin, kubectl } = site();
    const applied = {
      ...configMap("brought", { a: "1" }),
      metadata: { name: "brought", namespace: "default", labels: { x: "y" } },
    };
    await kubectl(["apply", "-f", "-"], applied);
    const imported = await plugin.read({ urn: maps("brought"), id: "default/brought" });
    expect(imported?.inputs).toEqual(applied);
    if (imported === undefined) throw new Error("it was not found");
    expect((await plugin.diff(imported, applied)).changes).toEqual({});
    await kubectl(["apply", "--server-side", "-f", "-"], { ...workload("Deployment", "brought", { replicas: 1 }) });
    const urn = urnOf("apps/v1:Deployment", "brought");
    const deployment = await plugin.read({ urn, id: "default/brought" }).catch((error: unknown) => {
      if (error instanceof NotLive) return { urn, ...error.kept };
      throw error;
    });
    if (deployment === undefined) throw new Error("it was not found");
    expect((await plugin.diff(deployment, workload("Deployment", "brought", { replicas: 1 }))).changes).toEqual({});
    expect(await plugin.read({ urn: maps("nope"), id: "default/nope" })).toBeUndefined();
  });

  test("§7 get: reads with empty properties", async () => {
    await site().kubectl(["create", "configmap", "got", "--from-literal=a=1"]);
    const got = await site().plugin.read({ urn: maps("got"), id: "default/got", outputs: {} });
    expect(got?.outputs).toMatchObject({ data: { a: "1" } });
  });
});

describe("§8 delete", () => {
  test("§8 normal: dependents first, and it waits until all is gone", async () => {
    const { plugin, kubectl } = site();
    const urn = urnOf("apps/v1:Deployment", "deleted");
    const kept = await plugin.create(urn, workload("Deployment", "deleted", { replicas: 1 }));
    await plugin.delete(kept);
    expect(await kubectl(["get", "replicasets", "-l", "app=deleted", "-o", "name"])).toBe("");
    expect(plugin.messages(urn).slice(-2)).toEqual(["(info: Resource scheduled for deletion)", "(info: )"]);
  });

  test("§8 object gone, namespace gone: success without a message", async () => {
    const { plugin, kubectl } = site();
    await kubectl(["create", "namespace", "leaving"]);
    const kept = await plugin.create(maps("leaving"), configMap("leaving", {}, { namespace: "leaving" }));
    await kubectl(["delete", "namespace", "leaving"]);
    await plugin.delete(kept);
    expect(plugin.messages(maps("leaving"))).toEqual([]);
  });

  test("§8 finalizer in the way, timeout: named, the object stays, and the next try succeeds", async () => {
    const { plugin, kubectl } = site();
    const urn = maps("stuck");
    const kept = await plugin.create(urn, configMap("stuck", {}, { finalizers: ["swarmstack.dev/test"] }));
    await expect(plugin.delete(kept, { timeoutSeconds: 1 })).rejects.toThrow(/^timed out waiting for the condition$/);
    expect(plugin.messages(urn)).toContain("warning: finalizers might be preventing deletion (swarmstack.dev/test)");
    await kubectl([
      "patch",
      "configmap",
      "stuck",
      "--type=json",
      "-p",
      '[{"op":"remove","path":"/metadata/finalizers"}]',
    ]);
    await plugin.delete(kept);
  });

  test("§8 deletionPropagationPolicy, skipAwait: orphans stay, nobody waits", async () => {
    const { plugin, kubectl } = site();
    const annotations = { "pulumi.com/deletionPropagationPolicy": "orphan", "pulumi.com/skipAwait": "true" };
    const urn = urnOf("apps/v1:Deployment", "orphan");
    const kept = await plugin.create(urn, workload("Deployment", "orphan", { replicas: 1, annotations }));
    await expect.poll(() => kubectl(["get", "replicasets", "-l", "app=orphan", "-o", "name"])).not.toBe("");
    await plugin.delete(kept);
    await expect.poll(() => kubectl(["get", "deployments", "-l", "app=orphan", "-o", "name"])).toBe("");
    expect(await kubectl(["get", "replicasets", "-l", "app=orphan", "-o", "name"])).not.toBe("");
  });
});

describe("§10 custom kinds", () => {
  test("§10 CRD and its object: a cluster-scoped kind that was unknown at the first check does not change later", async () => {
    const { plugin, kubectl } = site();
    const urn = urnOf("test.dev/v1:Wide", "wide");
    const news = custom("Wide", "wide", { a: 1 });
    const early = plugin.create(urn, news);
    await expect.poll(() => plugin.messages(urn).length).toBeGreaterThan(0);
    await kubectl(["create", "-f", "-"], definition("Wide", "Cluster"));
    const kept = await early;
    expect(kept.id).toBe("wide");
    expect((await plugin.diff(kept, news)).changes).toEqual({});
    const updated = await plugin.update(kept, custom("Wide", "wide", { a: 2 }));
    expect(updated.outputs).toMatchObject({ spec: { a: 2 } });
    expect(recordAt(updated.outputs, "metadata")).not.toHaveProperty("namespace");
  });

  test("§4 CustomResource: never a replacement, any change is an apply", async () => {
    const { plugin, kubectl } = site();
    await kubectl(["create", "-f", "-"], definition("Free"));
    const kept = await plugin.create(urnOf("test.dev/v1:Free", "f"), custom("Free", "f", { a: 1, b: [{ c: 1 }] }));
    const news = custom("Free", "f", { a: 2, b: [{ c: 1 }, { c: 2 }] });
    expect((await plugin.diff(kept, news)).changes).toEqual({ "spec.a": "update", "spec.b[1]": "add" });
    expect((await plugin.update(kept, news)).outputs.spec).toEqual({ a: 2, b: [{ c: 1 }, { c: 2 }] });
  });
});
