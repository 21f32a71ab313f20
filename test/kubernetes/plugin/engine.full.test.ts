import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import { CustomResourceDefinition } from "@pulumi/kubernetes/apiextensions/v1/index.js";
import { Deployment } from "@pulumi/kubernetes/apps/v1/index.js";
import { ConfigMap, Namespace, Secret } from "@pulumi/kubernetes/core/v1/index.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../support/sandbox.ts";
import { custom, definition, tooMuch, workload } from "./support/objects.ts";
import { usePlugin } from "./support/site.ts";
import { type Done, findEngineOnPath, PluginStack } from "./support/stack.ts";

const site = usePlugin();
const stack = new PluginStack("dev");
const stacks = [stack];
beforeAll(() => findEngineOnPath(process.env.SWARM_ENGINE ?? ""));
afterAll(() => {
  for (const each of stacks) each.dispose();
});

const planted = "s3cret-value-of-the-test";
const encoded = Buffer.from(planted).toString("base64");

interface Version {
  readonly image?: string;
  readonly data?: string;
  readonly label?: boolean;
  readonly secret?: string;
}

/** A program with resources of each kind of creation and update. */
function program({ image = "agent:1", data = "1", label = true, secret = planted }: Version = {}) {
  return async () => {
    const provider = new Provider("cluster", { kubeconfig: site().kubeconfig, clusterIdentifier: "test" });
    const options = { provider };
    new Namespace("space", { metadata: { name: "space" } }, options);
    // Created concurrently with its namespace: it relies on a retry.
    const labels = label ? { keep: "1", drop: "1" } : { keep: "1" };
    new ConfigMap("inside", { metadata: { name: "inside", namespace: "space", labels }, data: { a: "1" } }, options);
    new CustomResourceDefinition("kind", definition("Made") as never, options);
    new CustomResource("thing", custom("Made", "thing", { image, secret: pulumi.secret(secret) }) as never, options);
    new ConfigMap("named", { metadata: { name: "named" }, data: { a: data } }, options);
    const auto = new ConfigMap("auto", { data: { a: data } }, options);
    new ConfigMap(
      "user",
      { metadata: { name: "user" }, data: { uid: auto.metadata.uid, name: auto.metadata.name } },
      options,
    );
    new Secret("token", { metadata: { name: "token" }, stringData: { token: secret } }, options);
    new Deployment("w", workload("Deployment", "w", { replicas: 1, image }) as never, {
      ...options,
      ignoreChanges: ["spec.replicas"],
    });
    // Known only after the other one is created.
    const late = new Provider("late", { kubeconfig: auto.metadata.uid.apply(() => site().kubeconfig) });
    new ConfigMap("through", { metadata: { name: "through" } }, { provider: late });
  };
}

function holdsNoSecret(done: Done): void {
  for (const text of [done.text, stack.state()]) {
    expect(text).not.toContain(planted);
    expect(text).not.toContain(encoded);
  }
}

test("§10 CRD and object, namespace and objects in one program, kubeconfig unknown: previewed before any of them exists", async () => {
  const done = await stack.preview(program());
  expect(done.ok, done.text).toBe(true);
  expect(done.changes).toMatchObject({ create: 13 });
});

test("§13.1 create, §10 CRD and its object, §3 Secret: one up; neither events nor state contain a secret", async () => {
  const done = await stack.up(program());
  expect(done.ok, done.text).toBe(true);
  expect(done.changes).toEqual({ create: 13 });
  holdsNoSecret(done);
  expect(await site().kubectl(["get", "secret", "token", "-o", "jsonpath={.data.token}"])).toBe(encoded);
  expect(await site().kubectl(["get", "made", "thing", "-o", "jsonpath={.spec.secret}"])).toBe(planted);
  const annotations = await site().kubectl(["get", "configmap", "named", "-o", "jsonpath={.metadata.annotations}"]);
  const owner = `${stack.recorded("named").urn} ${stack.recorded("cluster").id}`;
  expect(JSON.parse(annotations)).toEqual({ "swarmstack.dev/owner": owner });
  expect(stack.recorded("w").outputs).toMatchObject({
    __initialApiVersion: "apps/v1",
    status: { availableReplicas: 1 },
  });
});

test("§13.1 no-op: a preview and an up without any change", async () => {
  expect((await stack.preview(program())).changes).toEqual({ same: 13 });
});

test("§13.2 scaled outside, a field removed, §5 replacements: named ones are deleted first, automatic ones created first", async () => {
  const { kubectl } = site();
  await kubectl(["scale", "deployment", "w", "--replicas", "2"]);
  await kubectl(["label", "configmap", "inside", "-n", "space", "keep=9", "--overwrite"]);
  const changed = program({ image: "agent:2", data: "2", label: false, secret: `${planted}-2` });
  const done = await stack.up(changed);
  expect(done.ok, done.text).toBe(true);
  expect(done.changes).toMatchObject({ replace: 4, update: 3, same: 6 });
  const order = (name: string) =>
    done.steps.filter((step) => step.endsWith(` ${name}`)).map((step) => step.split(" ")[0]);
  expect(order("named")).toEqual(["delete-replaced", "replace", "create-replacement"]);
  expect(order("auto")).toEqual(["create-replacement", "replace", "delete-replaced"]);
  holdsNoSecret(done);
  expect(await kubectl(["get", "deployment", "w", "-o", "jsonpath={.spec.replicas}"])).toBe("2");
  expect(await kubectl(["get", "configmap", "inside", "-n", "space", "-o", "jsonpath={.metadata.labels}"])).toBe(
    '{"keep":"1"}',
  );
  expect((await stack.preview(changed)).changes).toEqual({ same: 13 });
});

test("§7 deleted and changed by hand: not detected without a refresh, then repaired", async () => {
  const { kubectl } = site();
  const current = program({ image: "agent:2", data: "2", label: false, secret: `${planted}-2` });
  await kubectl(["delete", "configmap", "user"]);
  await kubectl(["patch", "configmap", "inside", "-n", "space", "--type=merge", "-p", '{"data":{"a":"9","b":"2"}}']);
  expect((await stack.preview(current)).changes).toEqual({ same: 13 });
  const refreshed = await stack.refresh();
  expect(refreshed.changes).toMatchObject({ update: 1, delete: 1 });
  const done = await stack.up(current);
  expect(done.changes).toMatchObject({ create: 1, replace: 1 });
  expect(await kubectl(["get", "configmap", "inside", "-n", "space", "-o", "jsonpath={.data}"])).toBe('{"a":"1"}');
});

test("§13.5 unready: recorded with its reasons, retried by an update without changes, and recovered; SIGINT ends the wait", async () => {
  const other = new PluginStack("waits");
  stacks.push(other);
  const slow = (cpu: string, seconds: number) => async () => {
    const provider = new Provider("cluster", { kubeconfig: site().kubeconfig });
    const options = { provider, customTimeouts: { create: `${seconds}s`, update: `${seconds}s` } };
    new Deployment("nf", workload("Deployment", "nf", { replicas: 1, cpu }) as never, options);
  };
  const failed = await other.up(slow(tooMuch, 2));
  expect(failed.ok).toBe(false);
  expect(failed.messages("nf").join("\n")).toContain("2 errors occurred");
  expect(other.recorded("nf").initErrors).toEqual([
    expect.stringMatching(/'nf' timed out waiting to be Ready$/),
    "Minimum number of live Pods was not attained",
  ]);
  expect((await other.preview(slow(tooMuch, 2))).changes).toMatchObject({ update: 1 });

  const stop = new AbortController();
  const waiting = other.up(slow(tooMuch, 600), stop.signal);
  await until("the engine works", () => other.enginePid() !== undefined);
  await until("it waits for the pods", () => /"initErrors"/.test(other.state()) && other.enginePid() !== undefined);
  stop.abort();
  expect((await waiting).ok).toBe(false);

  const recovered = await other.up(slow("10m", 60));
  expect(recovered.ok, recovered.text).toBe(true);
  expect(other.recorded("nf").initErrors ?? []).toEqual([]);
});

test("§3 left by a killed run: the engine is killed during a create, and the next up adopts; another stack is refused", async () => {
  const { kubectl, kubeconfig } = site();
  const killed = new PluginStack("killed");
  const rival = new PluginStack("rival");
  stacks.push(killed, rival);
  const one = (cpu: string) => async () => {
    const provider = new Provider("cluster", { kubeconfig });
    new Deployment("left", workload("Deployment", "left", { replicas: 1, cpu }) as never, { provider });
  };
  const broken = killed.up(one(tooMuch));
  await until("the object is there", () => kubectl(["get", "deployment", "left", "-o", "name"]).catch(() => undefined));
  const pid = killed.enginePid();
  if (pid === undefined) throw new Error("the engine holds no lock");
  process.kill(pid, "SIGKILL");
  expect((await broken).ok).toBe(false);

  const refused = await rival.up(one("10m"));
  expect(refused.ok).toBe(false);
  expect(refused.messages("left").join("\n")).toContain(
    'deployments.apps "left" already exists: it belongs to stack killed of project plugin-test (resource left',
  );

  await killed.recover();
  const done = await killed.up(one("10m"));
  expect(done.ok, done.text).toBe(true);
  expect(done.changes).toMatchObject({ create: 1 });
});

test("§7 import: an existing object becomes the program's own, and get reads one", async () => {
  const { kubectl, kubeconfig } = site();
  await kubectl(["create", "configmap", "brought", "--from-literal=a=1"]);
  const imports = new PluginStack("imports");
  stacks.push(imports);
  const done = await imports.up(async () => {
    const provider = new Provider("cluster", { kubeconfig });
    new ConfigMap(
      "brought",
      { metadata: { name: "brought" }, data: { a: "1" } },
      { provider, import: "default/brought" },
    );
    const got = ConfigMap.get("got", "kube-system/kube-root-ca.crt", { provider });
    return { authority: got.data["ca.crt"] };
  });
  expect(done.ok, done.text).toBe(true);
  expect(done.changes).toMatchObject({ import: 1 });
  expect(done.steps).toContain("read got");
});

test("§13.1 destroy: nothing is left", async () => {
  const done = await stack.destroy();
  expect(done.ok, done.text).toBe(true);
  const left = await site().kubectl([
    "get",
    "configmaps,secrets,deployments,crds",
    "-A",
    "-o",
    "jsonpath={.items[*].metadata.annotations}",
  ]);
  expect(left).not.toContain("urn:pulumi:dev::");
  await expect(site().kubectl(["get", "namespace", "space"])).rejects.toThrow("not found");
});
