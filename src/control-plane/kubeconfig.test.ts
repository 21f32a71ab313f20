import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { activeContext, findControlPlane } from "./context.ts";
import { loadKubeconfig } from "./kubeconfig.ts";

function kubeconfig(name: string, current?: string): Record<string, unknown> {
  return {
    "current-context": current,
    contexts: [{ name, context: { cluster: `${name}-cluster`, user: name, namespace: `${name}-space` } }],
    clusters: [{ name: `${name}-cluster`, cluster: { server: `https://${name}:6443`, "certificate-authority": "ca" } }],
    users: [{ name, user: { token: `${name}-token` } }],
  };
}

/** A folder with these files, named as their keys. */
function folder(files: Readonly<Record<string, unknown>>): string {
  const dir = mkdtempSync(join(tmpdir(), "swarm-kubeconfig-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(dir, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return dir;
}

describe("loadKubeconfig", () => {
  test("takes content, a path, a list of paths, KUBECONFIG, or ~/.kube/config", () => {
    const dir = folder({ a: kubeconfig("a", "a"), b: kubeconfig("b", "b") });
    const current = (setting: string | undefined, env = {}) => loadKubeconfig(setting, env)?.["current-context"];
    expect(current(JSON.stringify(kubeconfig("x", "x")))).toBe("x");
    expect(current("current-context: y\ncontexts: []\n")).toBe("y");
    expect(current(`${dir}/a`)).toBe("a");
    expect(current(`${dir}/missing:${dir}/b:${dir}/a`)).toBe("b");
    expect(current(undefined, { KUBECONFIG: `${dir}/missing:${dir}/b` })).toBe("b");
    expect(current(undefined, { HOME: dir })).toBeUndefined();
  });

  test("of several files the first that names a thing wins, and files in it are relative to its folder", () => {
    const other = { ...kubeconfig("a", "z"), clusters: [{ name: "a-cluster", cluster: { server: "https://other" } }] };
    const dir = folder({ one: kubeconfig("a"), two: other, three: kubeconfig("c", "c") });
    const config = loadKubeconfig(undefined, { KUBECONFIG: `${dir}/one:${dir}/two:${dir}/three` }) ?? {};
    expect(config["current-context"]).toBe("z");
    const { server, cluster, user, namespace } = activeContext(config, { context: "a" });
    expect({ server: server.href, user, namespace }).toEqual({
      server: "https://a:6443/",
      user: { token: "a-token" },
      namespace: "a-space",
    });
    expect(cluster["certificate-authority"]).toBe(join(dir, "ca"));
    expect(activeContext(config, { context: "c" }).server.href).toBe("https://c:6443/");
  });

  test.each([
    { title: "no YAML", content: "a: [\n", words: /^failed to parse kubeconfig: yaml: / },
    { title: "no JSON", content: "{ a", words: /^failed to parse kubeconfig: yaml: / },
    { title: "no map", content: "- a\n", words: /\/a is not a kubeconfig: the whole has the wrong form/ },
    {
      title: "no list of contexts",
      content: "contexts: 5\n",
      words: /\/a is not a kubeconfig: contexts has the wrong form/,
    },
    { title: "a list of texts", content: "users: [x]\n", words: /\/a is not a kubeconfig: users has the wrong form/ },
  ])("$title is refused", ({ content, words }) => {
    const dir = folder({ a: content });
    const load = () => loadKubeconfig(`${dir}/a`, {});
    expect(load).toThrow(expect.objectContaining({ code: "SW611" }));
    expect(load).toThrow(words);
  });

  test("a path that is given and missing is refused", () => {
    expect(() => loadKubeconfig("/nowhere/config", {})).toThrow("kubeconfig /nowhere/config cannot be read");
  });
});

describe("activeContext", () => {
  test.each([
    { title: "no such context", config: kubeconfig("a", "a"), context: "z", words: "no context z (it has a)" },
    { title: "no current context", config: kubeconfig("a"), words: "no current context (it has a)" },
    { title: "no context at all", config: {}, words: "no current context (it has none)" },
    {
      title: "no cluster",
      config: { ...kubeconfig("a", "a"), clusters: [] },
      words: "context a names the cluster a-c",
    },
    { title: "no such cluster", config: kubeconfig("a", "a"), cluster: "z", words: "no cluster z (it has a-cluster)" },
    {
      title: "a cluster without a server",
      config: { ...kubeconfig("a", "a"), clusters: [{ name: "a-cluster", cluster: {} }] },
      words: 'no server for the cluster a-cluster: "" is not a URL',
    },
    {
      title: "a server that is no URL of HTTP",
      config: { ...kubeconfig("a", "a"), clusters: [{ name: "a-cluster", cluster: { server: "host:6443" } }] },
      words: '"host:6443" is not a URL',
    },
  ])("$title is refused", ({ config, context, cluster, words }) => {
    const choose = () => activeContext(config, { context, cluster });
    expect(choose).toThrow(expect.objectContaining({ code: "SW611" }));
    expect(choose).toThrow(words);
  });
});

describe("findControlPlane", () => {
  test("reads the files of KUBECONFIG; one that is not there is passed over", () => {
    const dir = folder({ a: kubeconfig("a", "a") });
    const env = { HOME: dir, KUBECONFIG: `${dir}/missing:${dir}/a` };
    expect(findControlPlane(undefined, env)).toEqual({ context: "a", server: "https://a:6443" });
  });

  test("without a file it is the pod's own control plane, or SW611 with the paths", () => {
    const dir = folder({});
    const inPod = { HOME: dir, KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
    expect(findControlPlane(undefined, inPod)).toEqual({ context: undefined, server: "https://10.0.0.1:443" });
    const six = { HOME: dir, KUBERNETES_SERVICE_HOST: "fd00::1" };
    expect(findControlPlane(undefined, six).server).toBe("https://[fd00::1]:443");
    expect(() => findControlPlane("a", inPod)).toThrow(`${dir}/.kube/config cannot be found`);
    expect(() => findControlPlane(undefined, { HOME: dir })).toThrow(expect.objectContaining({ code: "SW611" }));
  });
});
