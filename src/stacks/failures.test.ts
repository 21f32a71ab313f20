import { expect, test } from "vitest";
import { explainFailure } from "./failures.ts";

const failure = { stack: "team", kind: "up", text: "", messages: [], aborted: false };

test.each([
  {
    title: "a wrong passphrase",
    text: "error: getting secrets manager: passphrase: incorrect passphrase",
    code: "SW602",
  },
  { title: "a full disk", text: "failed to save snapshot: write x.json: no space left on device", code: "SW603" },
  { title: "no such stack", text: "error: no stack named 'team' found", code: "SW605" },
  {
    title: "a missing plugin",
    text: "error: no resource plugin 'pulumi-resource-kubernetes-v4.34.2' found",
    code: "SW505",
  },
  {
    title: "another blueprint",
    text: 'problem: this stack runs blueprint "a" (1), the program reads "b" (2); give',
    code: "SW607",
  },
  {
    title: "another place",
    text: "problem: this cluster runs on kubernetes (context a), and the update is for local; leave",
    code: "SW610",
  },
  { title: "a wrong context", text: "error: the kubeconfig has no context b (it has a)", code: "SW611" },
  {
    title: "a kubeconfig that the kubernetes plugin cannot parse",
    text: "error: failed to parse kubeconfig: yaml: bad indentation",
    code: "SW611",
  },
  {
    title: "a silent control plane, told by the kubernetes plugin",
    text: "configured Kubernetes cluster is unreachable: unable to load schema information from the API server: Get x",
    code: "SW612",
  },
  {
    title: "a kubernetes plugin without a kubeconfig",
    text: "configured Kubernetes cluster is unreachable: unable to load schema: there is not a kubeconfig: /a cannot be found",
    code: "SW611",
  },
  { title: "a silent control plane", text: "the control plane https://a does not answer: ECONNREFUSED", code: "SW612" },
  {
    title: "a control plane without a kind",
    text: "error: the control plane https://a lacks the kind NodePool of karpenter.sh/v1, which team.yaml:9:5 needs and Karpenter serves",
    code: "SW617",
  },
  { title: "a pool without room", text: 'error: "Model" fits on no node of pool "h": it asks for 4', code: "SW608" },
  { title: "an impossible size", text: "target_workers (9) is over max_workers (3); ask for 3", code: "SW608" },
  { title: "anything else", text: "error: boom", code: "SW604" },
])("$title is $code", ({ text, code }) => {
  expect(explainFailure({ ...failure, text }).code).toBe(code);
});

test("instances that do not start are told with their last lines, each agent once", () => {
  const of = (agent: string, line: string) =>
    `1 error occurred:\n\t* agent ${agent}: 0 of 1 instances have started after 9 s\n${agent}-0: ended with exit code 7\n${line}`;
  const told = (text: string) => ({ type: "message", severity: "error", text, ephemeral: false }) as const;
  const messages = [of("writer", "no model"), of("editor", "no key"), of("writer", "no model")].map((text) => ({
    ...told(text),
    resource: undefined,
  }));
  const { code, message } = explainFailure({ ...failure, messages });
  expect(code).toBe("SW640");
  expect(message.split("\n")).toEqual([
    "agent writer: 0 of 1 instances have started after 9 s",
    "writer-0: ended with exit code 7",
    "no model",
    "agent editor: 0 of 1 instances have started after 9 s",
    "editor-0: ended with exit code 7",
    "no key",
  ]);
});

test("an interruption is one, whatever else was said", () => {
  expect(explainFailure({ ...failure, text: "no space left on device", aborted: true }).code).toBe("SW606");
});

test("the first reason of a failed update names its resource", () => {
  const resource = { urn: "u", type: "t", name: "team-worker" };
  const message = {
    type: "message",
    severity: "error",
    text: "worker-0: no such program",
    resource,
    ephemeral: false,
  } as const;
  const { message: text, values } = explainFailure({
    ...failure,
    messages: [message, { ...message, text: "update failed", resource: undefined }],
  });
  expect(text).toBe("up of cluster team failed: team-worker: worker-0: no such program");
  expect(values).toEqual({ reasons: ["team-worker: worker-0: no such program"] });
});

test("what a control plane lacks comes with how to install it, and what to leave out", () => {
  const text =
    "the control plane https://a lacks the kind ScaledObject of keda.sh/v1alpha1, which team.yaml:9:5 needs and KEDA serves";
  const { message, hints } = explainFailure({ ...failure, text });
  expect(message).toBe(text);
  expect(hints).toEqual([
    "helm install keda kedacore/keda --namespace keda --create-namespace",
    "or write owner: swarmstack, or leave scaling.owner out",
  ]);
});
