import { expect, test } from "vitest";
import { notReady } from "./not-ready.ts";

const scaledObject = {
  urn: "urn:pulumi:team::swarmstack::swarmstack:index:AgentCluster$kubernetes:keda.sh/v1alpha1:ScaledObject::team-worker",
  type: "kubernetes:keda.sh/v1alpha1:ScaledObject",
  name: "team-worker",
};
const nodePool = {
  urn: "urn:pulumi:team::swarmstack::swarmstack:index:AgentCluster$kubernetes:karpenter.sh/v1:NodePool::team-l4",
  type: "kubernetes:karpenter.sh/v1:NodePool",
  name: "team-l4",
};

type Resource = typeof nodePool;

const told = (resource: Resource, severity: "info" | "warning" | "error", text: string) =>
  ({ type: "message", severity, text, resource, ephemeral: severity !== "error" }) as const;

const late = (resource: Resource) =>
  told(
    resource,
    "error",
    `resource "${resource.urn}" was successfully created, but the Kubernetes API server reported that it failed to fully ` +
      "initialize or become live: timed out waiting for the condition",
  );

test.each([
  {
    title: "without any condition no controller answers",
    messages: [told(nodePool, "warning", "Has no .status.conditions"), late(nodePool)],
    want: "NodePool team-l4 is not Ready in time: no controller of Karpenter answers",
  },
  {
    title: "also where nothing was told",
    messages: [late(scaledObject)],
    want: "ScaledObject team-worker is not Ready in time: no controller of KEDA answers",
  },
  {
    title: "a controller that refuses it is quoted",
    messages: [
      told(scaledObject, "warning", "Has no .status.conditions"),
      told(scaledObject, "info", 'Condition "Ready" is False: [ScaledObjectCheckFailed] no such scaler'),
      told(scaledObject, "info", ""),
      late(scaledObject),
    ],
    want: 'ScaledObject team-worker is not Ready in time: Condition "Ready" is False: [ScaledObjectCheckFailed] no such scaler',
  },
  {
    title: "each resource once",
    messages: [late(nodePool), late(scaledObject), late(nodePool)],
    want:
      "NodePool team-l4 is not Ready in time: no controller of Karpenter answers\n" +
      "ScaledObject team-worker is not Ready in time: no controller of KEDA answers",
  },
])("$title", ({ messages, want }) => {
  expect(notReady(messages)).toMatchObject({ code: "SW618", message: want });
});

test("the hints name each resource as kubectl takes it", () => {
  expect(notReady([late(nodePool)])?.hints).toEqual([
    "kubectl get nodepool.karpenter.sh --all-namespaces --field-selector metadata.name=team-l4 -o yaml",
    "when its controller runs, swarmctl up waits for it again",
  ]);
});

test.each([
  { title: "a delete that is stuck", text: "timed out waiting for the condition" },
  { title: "a Deployment", text: "failed to fully initialize or become live: 'a' timed out waiting to be Ready" },
])("$title is another failure", ({ text }) => {
  expect(notReady([told(nodePool, "error", text)])).toBeUndefined();
});
