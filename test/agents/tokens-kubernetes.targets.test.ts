import { sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentApi, labelKeys } from "../../src/names.ts";
import { useSharedControlPlane } from "../support/servers/control-plane.ts";
import { kubernetesTarget } from "../support/targets/kubernetes.ts";
import { eventually, instancesOf, onlyInstance, type Team } from "../support/targets/team.ts";
import { type AgentCall, agentCalls } from "./support/agent-calls.ts";

/** Projected tokens: the server verifies each with the API server's TokenReview. */
const plane = useSharedControlPlane();

const cleans: (() => Promise<void>)[] = [];
const tokens = new Map<string, string>();
let core: CoreV1Api;
let team: Team;
let writer: V1Pod;
let audited = 0;

interface Answer {
  readonly status: number;
  readonly body: { readonly code?: string; readonly message?: string; readonly values?: object };
}

beforeAll(async () => {
  core = plane().client().makeApiClient(CoreV1Api);
  const target = kubernetesTarget(plane);
  const clean = (one: () => Promise<void>) => void cleans.push(one);
  team = await target.team(clean, { count: 2 });
  const others = await target.team(clean);
  const [first, second] = await instancesOf(team);
  writer = await podOf(first?.id ?? "");
  const tokenOf = (pod: V1Pod) => read(pod, "agent", "/var/run/secrets/swarmstack/token");
  const good = await tokenOf(writer);
  tokens.set("its own", good);
  tokens.set("another instance's", await tokenOf(await podOf(second?.id ?? "")));
  tokens.set("another cluster's", await tokenOf(await podOf(await onlyInstance(others))));
  tokens.set("none", "");
  tokens.set("a word", "swordfish");
  tokens.set("changed", `${good.slice(0, -20)}${good.at(-20) === "A" ? "B" : "A"}${good.slice(-19)}`);
  tokens.set("expired", signed(good, -7_200));
  tokens.set("for the API server", await tokenFor(writer, { audience: undefined, bound: true }));
  tokens.set("of no pod", await tokenFor(writer, { audience: agentApi.audience, bound: false }));
  tokens.set("the server's own", await tokenFor(await serverPod(), { audience: agentApi.audience, bound: true }));
});
afterAll(async () => {
  for (const clean of cleans) await clean();
});

const refusals = [
  { name: "none", status: 401, code: "SW707", problem: "missing" },
  { name: "a word", status: 401, code: "SW707", problem: "not accepted by the control plane" },
  { name: "changed", status: 401, code: "SW707", problem: "not accepted by the control plane" },
  { name: "expired", status: 401, code: "SW707", problem: "not accepted by the control plane" },
  { name: "for the API server", status: 401, code: "SW707", problem: "not accepted by the control plane" },
  { name: "of no pod", status: 401, code: "SW707", problem: "of no pod" },
  { name: "the server's own", status: 403, code: "SW708", problem: "not of this cluster" },
  { name: "another cluster's", status: 403, code: "SW708", problem: "not of this cluster" },
];

test("an instance is admitted with its own token, and with a renewed one", async () => {
  const call: AgentCall = ["GET", "/memory/k?epoch=1"];
  expect(await callWith("its own", [call])).toMatchObject([{ status: 200 }]);
  tokens.set("signed anew", signed(tokens.get("its own") ?? "", 0));
  expect(await callWith("signed anew", [call])).toMatchObject([{ status: 200 }]);
});

test.for(refusals)("$name: refused by every call, and audited without the token", async ({
  name,
  status,
  code,
  problem,
}) => {
  const answers = await callWith(name, agentCalls);
  const refusal = { status, body: { code, message: expect.any(String), hints: expect.any(Array) } };
  expect(answers).toMatchObject(agentCalls.map(() => refusal));
  const entries = await newRefusals();
  expect(entries).toMatchObject(
    agentCalls.map(([method, path]) => ({ detail: { problem, method, path: `/agent/v1${path}` } })),
  );
});

test("another instance's token registers only its owner", async () => {
  const instance = writer.metadata?.name;
  const [answer] = await callWith("another instance's", [["POST", "/register", { instance, agent: "writer" }]]);
  expect(answer).toMatchObject({ status: 403, body: { code: "SW708", values: { instance } } });
  expect(await newRefusals()).toMatchObject([{ detail: { problem: "another instance", instance } }]);
});

test("the token of a deleted pod is refused", async () => {
  const survivor = writer.metadata?.name ?? "";
  const victim = (await instancesOf(team)).find(({ id }) => id !== survivor)?.id ?? "";
  const { metadata } = await podOf(victim);
  await core.deleteNamespacedPod({ name: victim, namespace: metadata?.namespace ?? "" });
  const call: AgentCall = ["GET", "/memory/k?epoch=1"];
  const answer = await eventually(async () => {
    const [one] = await callWith("another instance's", [call]);
    return one?.status === 401 ? one : undefined;
  });
  expect(answer.body.code).toBe("SW707");
});

/** Makes calls from the pod of an instance sequentially. */
async function callWith(token: string, calls: readonly AgentCall[]): Promise<readonly Answer[]> {
  const command = ["node", "--input-type=module", "-e", caller];
  const text = await inPod(writer, "agent", command, JSON.stringify({ bearer: tokens.get(token), calls }));
  return JSON.parse(text) as Answer[];
}

const caller = `
let text = "";
for await (const chunk of process.stdin) text += chunk;
const { bearer, calls } = JSON.parse(text);
const answers = [];
for (const [method, path, body] of calls) {
  const headers = {
    ...(bearer !== "" && { authorization: "Bearer " + bearer }),
    ...(body && { "content-type": "application/json" }),
  };
  const response = await fetch(process.env.SWARM_API + "/agent/v1" + path, {
    method, headers, ...(body && { body: JSON.stringify(body) }),
  });
  answers.push({ status: response.status, body: await response.json() });
}
console.log(JSON.stringify(answers));`;

/** New refusals in the record of refused calls; none contains a token. */
async function newRefusals(): Promise<readonly { readonly action: string; readonly detail: object }[]> {
  const text = await read(await serverPod(), agentApi.part, `${agentApi.folder}/refused.log`);
  for (const token of tokens.values()) if (token.length > 20) expect(text).not.toContain(token.slice(-20));
  const entries = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { action: string; detail: object })
    .filter(({ action }) => action === "agent.refused");
  const fresh = entries.slice(audited);
  audited = entries.length;
  return fresh;
}

function read(pod: V1Pod, container: string, path: string): Promise<string> {
  return inPod(pod, container, ["cat", path]);
}

function inPod({ metadata }: V1Pod, container: string, command: readonly string[], input = ""): Promise<string> {
  const where = ["--namespace", metadata?.namespace ?? "", metadata?.name ?? "", "--container", container];
  return plane().runKubectl(["exec", "--stdin", ...where, "--", ...command], input);
}

async function podOf(name: string): Promise<V1Pod> {
  return only(await core.listPodForAllNamespaces({ fieldSelector: `metadata.name=${name}` }), name);
}

async function serverPod(): Promise<V1Pod> {
  const namespace = writer.metadata?.namespace ?? "";
  const labelSelector = `${labelKeys.part}=${agentApi.part}`;
  return only(await core.listNamespacedPod({ namespace, labelSelector }), labelSelector);
}

function only({ items: [pod] }: { items: V1Pod[] }, what: string): V1Pod {
  if (pod === undefined) throw new Error(`there is no pod ${what}`);
  return pod;
}

/** A token of a pod's account, with the kubelet's parameters or others. */
async function tokenFor(
  { metadata, spec }: V1Pod,
  { audience, bound }: { audience: string | undefined; bound: boolean },
): Promise<string> {
  const boundObjectRef = { apiVersion: "v1", kind: "Pod", name: metadata?.name ?? "", uid: metadata?.uid ?? "" };
  const { status } = await core.createNamespacedServiceAccountToken({
    name: spec?.serviceAccountName ?? "",
    namespace: metadata?.namespace ?? "",
    body: {
      spec: { audiences: audience === undefined ? [] : [audience], ...(bound && { boundObjectRef }) },
    },
  });
  return status?.token ?? "";
}

/**
 * The same token with another expiry, signed with the API server's key: it issues no token that lasts less than ten
 * minutes.
 */
function signed(token: string, shiftSeconds: number): string {
  const [header = "", payload = ""] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  const shift = (name: string) => Number(claims[name]) + shiftSeconds;
  const times = { iat: shift("iat"), nbf: shift("nbf"), exp: shift("exp") };
  const body = `${header}.${Buffer.from(JSON.stringify({ ...claims, ...times })).toString("base64url")}`;
  const key = readFileSync(join(plane().folder, "pki/service-accounts.key"));
  const signature = sign("sha256", Buffer.from(body), { key, dsaEncoding: "ieee-p1363" });
  return `${body}.${signature.toString("base64url")}`;
}
