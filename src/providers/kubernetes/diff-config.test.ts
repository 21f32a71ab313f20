import { expect, test } from "vitest";
import { unknownValue } from "../base/values.ts";
import { diffConfig } from "./diff-config.ts";

interface Parts {
  readonly server?: string;
  readonly ca?: string;
  readonly token?: string;
  readonly user?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly namespace?: string;
}

function kubeconfig({
  server = "https://one",
  ca = "Y2E=",
  token = "t",
  user = "u",
  context = "x",
  cluster = "c",
  namespace = "n",
}: Parts = {}) {
  return JSON.stringify({
    "current-context": context,
    contexts: [{ name: context, context: { cluster, user, namespace } }],
    clusters: [{ name: cluster, cluster: { server, "certificate-authority-data": ca } }],
    users: [{ name: user, user: { token } }],
  });
}

const old = { kubeconfig: kubeconfig(), version: "4.34.2" };

test.each([
  ["nothing", "none", old, old],
  ["another server", "replace", old, { kubeconfig: kubeconfig({ server: "https://two" }) }],
  ["another certificate authority", "replace", old, { kubeconfig: kubeconfig({ ca: "eA==" }) }],
  ["unknown until an update", "replace", old, { kubeconfig: unknownValue }],
  ["unknown before", "update", { kubeconfig: unknownValue }, old],
  ["another token", "update", old, { kubeconfig: kubeconfig({ token: "new" }) }],
  ["another user", "update", old, { kubeconfig: kubeconfig({ user: "v" }) }],
  ["another name of the context", "update", old, { kubeconfig: kubeconfig({ context: "y" }) }],
  ["another name of the cluster", "update", old, { kubeconfig: kubeconfig({ cluster: "d" }) }],
  ["another namespace of the context", "update", old, { kubeconfig: kubeconfig({ namespace: "m" }) }],
  ["no such context", "update", old, { ...old, context: "gone" }],
  ["a file that is not there", "update", old, { kubeconfig: "/nowhere/config" }],
  ["a flag", "update", old, { ...old, enableConfigMapMutable: true }],
  [
    "another server under the same identifier",
    "update",
    { ...old, clusterIdentifier: "a" },
    { kubeconfig: kubeconfig({ server: "https://two" }), clusterIdentifier: "a" },
  ],
  ["another identifier", "replace", { ...old, clusterIdentifier: "a" }, { ...old, clusterIdentifier: "b" }],
  [
    "an identifier for the first time, with another server",
    "update",
    old,
    { kubeconfig: kubeconfig({ server: "https://two" }), clusterIdentifier: "a" },
  ],
])("§1 DiffConfig, clusterIdentifier, kubeconfig unknown: %s: %s", (_title, want, olds, news) => {
  const kinds = Object.values(diffConfig(olds, news, {}).changes);
  const outcome = kinds.length === 0 ? "none" : kinds.some((kind) => kind.endsWith("-replace")) ? "replace" : "update";
  expect(outcome).toBe(want);
});
