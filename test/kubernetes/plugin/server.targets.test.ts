import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { configMap } from "./support/objects.ts";
import { type Kept, Plugin, urnOf } from "./support/plugin.ts";
import { usePlugin } from "./support/site.ts";

const site = usePlugin();
const urn = urnOf("core/v1:ConfigMap", "conf");
const folder = mkdtempSync(join(tmpdir(), "swarm-kubeconfig-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A kubeconfig of an unreachable server. */
function nowhere(context = "none"): string {
  return JSON.stringify({
    "current-context": context,
    contexts: [{ name: "none", context: { cluster: "none", user: "none" } }],
    clusters: [{ name: "none", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "none", user: {} }],
  });
}

interface Config {
  contexts: { name: string; context: Record<string, string> }[];
}

/** The fixture's kubeconfig, with additional contexts and namespaces. */
async function withContexts(): Promise<string> {
  const { kubectl, kubeconfig } = site();
  const config = JSON.parse(await kubectl(["config", "view", "--raw", "--flatten", "-o", "json"])) as Config;
  const [first] = config.contexts;
  if (first === undefined) throw new Error(`${kubeconfig} has no context`);
  config.contexts.push({ name: "other", context: { ...first.context, namespace: "kube-public" } });
  return JSON.stringify(config);
}

async function namespaceWith(plugin: Plugin, metadata: object = {}): Promise<unknown> {
  const { metadata: checked } = await plugin.check(urn, configMap("conf", {}, metadata));
  return (checked as { namespace?: string }).namespace;
}

describe("§1 configuration", () => {
  test("§1 Configure answer: secrets, previews, autonaming; and the version that the SDK requests", async () => {
    const plugin = await Plugin.startBare();
    try {
      const reply = await plugin.configure({ kubeconfig: nowhere() }, "p");
      expect(reply.toObject()).toMatchObject({
        acceptsecrets: true,
        supportspreview: true,
        supportsAutonamingConfiguration: true,
      });
      expect(await plugin.version()).toBe("4.34.2");
    } finally {
      await plugin.stop();
    }
  });

  test("§2 yaml, helm, kustomize: calls and functions are refused with a message", async () => {
    await expect(site().plugin.invoke("kubernetes:yaml:decode")).rejects.toThrow(
      "yaml, helm and kustomize need the official plugin",
    );
  });

  test("§1 kubeconfig value: a path, its content, or KUBECONFIG", async () => {
    const { kubeconfig, start } = site();
    const content = await withContexts();
    const byVariable = () => start({ kubeconfig: undefined }, { env: { KUBECONFIG: kubeconfig } });
    const list = `${join(folder, "missing")}:${kubeconfig}`;
    const ways = {
      path: start(),
      content: start({ kubeconfig: content }),
      variable: byVariable(),
      list: start({ kubeconfig: list }),
    };
    for (const [name, plugin] of Object.entries(ways)) {
      const kept = await (await plugin).create(urnOf("core/v1:ConfigMap", name), configMap(name, {}));
      expect(kept.id).toBe(`default/${name}`);
    }
  });

  test("§1 context, namespace precedence: the object's, the provider's, the context's, default", async () => {
    const { start } = site();
    const kubeconfig = await withContexts();
    const [plain, context, both] = await Promise.all([
      start({ kubeconfig }),
      start({ kubeconfig, context: "other" }),
      start({ kubeconfig, context: "other", namespace: "mine" }),
    ]);
    expect(await namespaceWith(plain)).toBe("default");
    expect(await namespaceWith(context)).toBe("kube-public");
    expect(await namespaceWith(both)).toBe("mine");
    expect(await namespaceWith(both, { namespace: "own" })).toBe("own");
    expect(await both.check(urnOf("core/v1:Namespace", "n"), { metadata: { name: "n" } })).not.toHaveProperty(
      "metadata.namespace",
    );
  });

  test("§1 DiffConfig: a rotated token is the same cluster, another server is not", async () => {
    const { plugin, kubeconfig } = site();
    const rotated = join(folder, "rotated");
    writeFileSync(rotated, readFileSync(kubeconfig, "utf8").replaceAll("admin", "another-admin"));
    expect(await plugin.diffConfig({ kubeconfig }, { kubeconfig: rotated })).toEqual([]);
    expect(await plugin.diffConfig({ kubeconfig }, { kubeconfig: nowhere() })).toEqual(["kubeconfig"]);
  });

  test("§1 kubeconfig not parseable: refused when configured", async () => {
    await expect(site().start({ kubeconfig: "a: [\n" })).rejects.toThrow(/^failed to parse kubeconfig: yaml: /);
  });

  test.each([
    ["file", "/nowhere/config", {}, /unreachable.*kubeconfig \/nowhere\/config cannot be read/],
    ["context", nowhere(), { context: "gone" }, /unreachable.*the kubeconfig has no context gone \(it has none\)/],
    ["cluster", nowhere(), { cluster: "gone" }, /unreachable.*the kubeconfig has no cluster gone/],
  ])("§1 no such %s: a preview passes, up refuses with a message", async (_what, kubeconfig, more, words) => {
    const plugin = await site().start({ kubeconfig, ...more });
    const preview = await plugin.create(urn, configMap("conf", {}), { preview: true });
    expect(preview.outputs).toMatchObject(configMap("conf", {}));
    await expect(plugin.create(urn, configMap("conf", {}))).rejects.toThrow(words);
  });

  test("§1 flags: as an argument or in the environment; mutable data, except of immutable objects", async () => {
    const { start } = site();
    const byArgument = await start({ enableConfigMapMutable: "true" });
    const byVariable = await start({}, { env: { PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE: "true" } });
    for (const plugin of [byArgument, byVariable]) {
      const kept = await plugin.create(urnOf("core/v1:ConfigMap", "mutable"), configMap("mutable", { a: "1" }));
      const { changes } = await plugin.diff(kept, configMap("mutable", { a: "2" }));
      expect(changes).toEqual({ "data.a": "update" });
    }
    const frozen = (a: string) => ({ ...configMap("frozen", { a }), immutable: true });
    const kept = await byArgument.create(urnOf("core/v1:ConfigMap", "frozen"), frozen("1"));
    expect(await byArgument.diff(kept, frozen("2"))).toEqual({
      changes: { "data.a": "update-replace" },
      deleteBeforeReplace: true,
    });
  });

  test.each([
    ["enableServerSideApply", "false"],
    ["renderYamlToDirectory", "/somewhere"],
  ])("§1 flags: %s=%s is refused with a message", async (name, value) => {
    await expect(site().start({ [name]: value })).rejects.toThrow("the offline kubernetes plugin");
  });
});

describe("§9 API server down", () => {
  const unreachable =
    /^configured Kubernetes cluster is unreachable: unable to load schema information from the API server: Get "https:\/\/127.0.0.1:1\/.*": .*ECONNREFUSED.*connection refused$/;
  const kept: Kept = {
    urn,
    id: "default/conf",
    inputs: configMap("conf", { a: "1" }, { namespace: "default" }),
    outputs: configMap("conf", { a: "1" }, { namespace: "default", uid: "1" }),
  };
  test("§9 bad token: a preview returns the inputs, up the server's message", async () => {
    const { kubectl, start } = site();
    const config = JSON.parse(await kubectl(["config", "view", "--raw", "--flatten", "-o", "json"]));
    const users = config.users.map(({ name }: { name: string }) => ({ name, user: { token: "wrong-token" } }));
    const plugin = await start({ kubeconfig: JSON.stringify({ ...config, users }) });
    expect((await plugin.create(urn, configMap("conf", {}), { preview: true })).outputs).toMatchObject({
      kind: "ConfigMap",
    });
    await expect(plugin.create(urn, configMap("conf", {}))).rejects.toThrow(/API server: Unauthorized$/);
  });
  const again = "PULUMI_K8S_DELETE_UNREACHABLE";

  test("§9 preview, no change, create: the inputs, nothing, an error at once", async () => {
    const plugin = await site().start({ kubeconfig: nowhere() });
    expect((await plugin.create(urn, configMap("conf", {}), { preview: true })).outputs).toMatchObject({
      kind: "ConfigMap",
    });
    expect((await plugin.update(kept, configMap("conf", { a: "2" }), { preview: true })).outputs).toMatchObject({
      data: { a: "2" },
    });
    expect((await plugin.diff(kept, configMap("conf", { a: "1" }))).changes).toEqual({});
    await expect(plugin.create(urn, configMap("conf", {}))).rejects.toThrow(unreachable);
    expect(plugin.messages(urn)).toEqual([]);
  });

  test("§9 refresh, delete: a warning, and an error with a hint how to forget it", async () => {
    const plugin = await site().start({ kubeconfig: nowhere() });
    await expect(plugin.read(kept)).rejects.toThrow(
      /^failed to read resource state due to unreachable cluster. If the cluster was deleted, .*PULUMI_K8S_DELETE_UNREACHABLE/,
    );
    await expect(plugin.delete(kept)).rejects.toThrow(
      /^configured Kubernetes cluster is unreachable. If the cluster was deleted, .*PULUMI_K8S_DELETE_UNREACHABLE/,
    );
    expect(plugin.messages(urn)).toEqual([
      expect.stringMatching(/^warning: configured Kubernetes cluster is unreachable: unable/),
      expect.stringMatching(/^warning: configured Kubernetes cluster is unreachable: unable/),
    ]);
  });

  test("§9 deleteUnreachable, skipUpdateUnreachable: forgotten, or unchanged", async () => {
    const forget = await site().start({ kubeconfig: nowhere() }, { env: { [again]: "true" } });
    expect(await forget.read(kept)).toBeUndefined();
    await forget.delete(kept);
    expect(forget.messages(urn)[0]).toContain(
      "`deleteUnreachable` option is enabled. Deleting the unreachable resource",
    );
    const keep = await site().start({ kubeconfig: nowhere(), skipUpdateUnreachable: "true" });
    expect(await keep.read(kept)).toEqual(kept);
    await expect(keep.delete(kept)).rejects.toThrow("configured Kubernetes cluster is unreachable");
  });
});
