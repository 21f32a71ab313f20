import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { chooseContext, findControlPlane, type Kubeconfig } from "./kubeconfig.ts";

function kubeconfig(name: string, current?: string): Kubeconfig {
  return {
    "current-context": current,
    contexts: [{ name, context: { cluster: `${name}-cluster` } }],
    clusters: [{ name: `${name}-cluster`, cluster: { server: `https://${name}:6443` } }],
  };
}

describe("chooseContext", () => {
  test.each([
    { title: "the current one", wanted: undefined, want: "b" },
    { title: "the one asked for, of any file", wanted: "a", want: "a" },
  ])("$title", ({ wanted, want }) => {
    const files = [kubeconfig("a"), kubeconfig("b", "b"), kubeconfig("c", "c")];
    expect(chooseContext(files, wanted)).toEqual({ context: want, server: `https://${want}:6443` });
  });

  test.each([
    { title: "no such context", files: [kubeconfig("a", "a")], wanted: "z", words: "no context z (it has a)" },
    {
      title: "no current context",
      files: [kubeconfig("a")],
      wanted: undefined,
      words: "no current context (it has a)",
    },
    {
      title: "no cluster",
      files: [{ ...kubeconfig("a"), clusters: [] }],
      wanted: "a",
      words: "names the cluster a-cl",
    },
  ])("$title is refused", ({ files, wanted, words }) => {
    expect(() => chooseContext(files, wanted)).toThrow(expect.objectContaining({ code: "SW611" }));
    expect(() => chooseContext(files, wanted)).toThrow(words);
  });
});

describe("findControlPlane", () => {
  const home = () => {
    const dir = mkdtempSync(join(tmpdir(), "swarm-kubeconfig-"));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    return dir;
  };

  test("reads the files of KUBECONFIG; one that is not there is passed over", () => {
    const dir = home();
    writeFileSync(join(dir, "a"), JSON.stringify(kubeconfig("a", "a")));
    const env = { HOME: dir, KUBECONFIG: `${dir}/missing:${dir}/a` };
    expect(findControlPlane(undefined, env)).toEqual({ context: "a", server: "https://a:6443" });
  });

  test("without a file it is the pod's own control plane, or SW611 with the paths", () => {
    const dir = home();
    const inPod = { HOME: dir, KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
    expect(findControlPlane(undefined, inPod)).toEqual({ context: undefined, server: "https://10.0.0.1:443" });
    expect(() => findControlPlane("a", inPod)).toThrow(`${dir}/.kube/config cannot be found`);
    expect(() => findControlPlane(undefined, { HOME: dir })).toThrow(expect.objectContaining({ code: "SW611" }));
  });

  test("what is no kubeconfig is said so with its path", () => {
    const dir = home();
    writeFileSync(join(dir, "a"), "contexts: 5\n");
    expect(() => findControlPlane(undefined, { KUBECONFIG: `${dir}/a` })).toThrow(`${dir}/a is no kubeconfig`);
  });
});
