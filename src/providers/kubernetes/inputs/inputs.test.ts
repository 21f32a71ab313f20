import { describe, expect, test } from "vitest";
import { unknownValue } from "../../base/values.ts";
import { mergeStringData, refuseUnsupported, withoutNulls } from "./check.ts";
import { importedInputs } from "./imported.ts";

describe("§2 stringData", () => {
  test.each([
    ["is folded", { stringData: { a: "x" } }, { data: { a: "eA==" } }],
    ["wins over data", { data: { a: "eQ==", b: "eg==" }, stringData: { a: "x" } }, { data: { a: "eA==", b: "eg==" } }],
    ["is kept while unknown", { stringData: { a: unknownValue } }, { stringData: { a: unknownValue } }],
    ["is not there", { data: { a: "eA==" } }, { data: { a: "eA==" } }],
  ])("%s", (_title, inputs, want) => {
    expect(mergeStringData(inputs)).toEqual(want);
  });
});

test("§2 inputs: members that are null are dropped at any depth", () => {
  expect(withoutNulls({ a: null, b: { c: null, d: [{ e: null, f: 1 }] } })).toEqual({ b: { d: [{ f: 1 }] } });
});

test.each([
  [{ kind: "ConfigMapList", items: [] }, "kubernetes:core/v1:ConfigMapList", "list resources exist"],
  [{ kind: "ConfigMap", metadata: { generateName: "x-" } }, "kubernetes:core/v1:ConfigMap", "`.metadata.generateName`"],
  [{ kind: "ConfigMap" }, "kubernetes:core/v1:ConfigMapPatch", "has no kubernetes:core/v1:ConfigMapPatch"],
  [{ kind: "Release" }, "kubernetes:helm.sh/v3:Release", "install the official one"],
])("§2 lists, generateName, Patch resources, helm: %j is rejected with a hint", (inputs, type, text) => {
  expect(() => refuseUnsupported({ group: "", version: "v1", kind: inputs.kind }, type, inputs)).toThrow(text);
});

describe("§7 import: inputs that would have made a live object", () => {
  const server = { uid: "1", resourceVersion: "2", generation: 1, creationTimestamp: "2026", managedFields: [{}] };

  test("takes what was applied by kubectl as it was", () => {
    const applied = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "x", namespace: "default", annotations: {} },
      data: { a: "1" },
    };
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(applied) };
    const live = { ...applied, metadata: { ...applied.metadata, annotations, ...server } };
    const { annotations: _none, ...metadata } = applied.metadata;
    expect(importedInputs(live)).toEqual({ ...applied, metadata });
  });

  test("takes the object without what the server set, its usual defaults and the owner", () => {
    const live = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: "x",
        namespace: "default",
        labels: { a: "b" },
        annotations: { "swarmstack.dev/owner": "urn:x", "deployment.kubernetes.io/revision": "1" },
        ...server,
      },
      spec: {
        replicas: 2,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" }, type: "RollingUpdate" },
        template: {
          metadata: { labels: { a: "b" } },
          spec: {
            containers: [
              {
                name: "c",
                image: "i",
                imagePullPolicy: "IfNotPresent",
                terminationMessagePath: "/dev/termination-log",
                resources: {},
              },
            ],
            dnsPolicy: "ClusterFirst",
            restartPolicy: "Always",
            schedulerName: "default-scheduler",
            securityContext: {},
            terminationGracePeriodSeconds: 30,
          },
        },
      },
      status: { replicas: 2 },
    };
    expect(importedInputs(live)).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "x", namespace: "default", labels: { a: "b" } },
      spec: {
        replicas: 2,
        template: {
          metadata: { labels: { a: "b" } },
          spec: { containers: [{ name: "c", image: "i", resources: {} }] },
        },
      },
    });
  });

  test("an address that the server gave is no input, a headless Service is", () => {
    const service = (clusterIP: string) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "x" },
      spec: { clusterIP, clusterIPs: [clusterIP], type: "ClusterIP" },
    });
    expect(importedInputs(service("10.0.0.7")).spec).toEqual({ type: "ClusterIP" });
    expect(importedInputs(service("None")).spec).toMatchObject({ clusterIP: "None" });
  });
});
