import { expect, test } from "vitest";
import { systemClock } from "../../../platform/clock.ts";
import { podTokens, type TokenOwner, type TokenPod } from "./pod-tokens.ts";

/** A control plane that can become unavailable, and counts its calls. */
function setting() {
  const world = {
    now: 1_000_000,
    away: false,
    asked: 0,
    owners: new Map<string, TokenOwner>([["good", { namespace: "team", pod: { name: "team-writer-0", uid: "u1" } }]]),
    pods: new Map<string, TokenPod>([
      ["team-writer-0", { uid: "u1", labels: { cluster: "team", agent: "team-writer" } }],
    ]),
  };
  const tokens = podTokens({
    async review(token) {
      world.asked++;
      if (world.away) throw new Error("connection refused");
      return world.owners.get(token);
    },
    pod: async (name) => world.pods.get(name),
    uid: "c-1",
    namespace: "team",
    cluster: { label: "cluster", value: "team" },
    agent: { label: "agent", keys: new Map([["team-writer", "writer"]]) },
    clock: { ...systemClock, now: () => world.now },
  });
  const check = (token: string) => tokens.authenticate(`Bearer ${token}`);
  return { world, tokens, check };
}

test("a pod is an instance with its name, of the agent in its label", async () => {
  const { check } = setting();
  expect(await check("good")).toMatchObject({
    ok: true,
    claims: { cluster: "c-1", instance: "team-writer-0", agent: "writer" },
  });
});

test.each<{ title: string; owner?: TokenOwner; pod?: TokenPod; want: object }>([
  { title: "not accepted", want: { ok: false, problem: "not accepted by the control plane" } },
  { title: "of no pod", owner: { namespace: "team", pod: undefined }, want: { ok: false, problem: "of no pod" } },
  {
    title: "of another namespace",
    owner: { namespace: "other", pod: { name: "team-writer-0", uid: "u1" } },
    want: { claims: { cluster: "other/team-writer-0" } },
  },
  {
    title: "of an earlier pod of that name",
    owner: { namespace: "team", pod: { name: "team-writer-0", uid: "u0" } },
    want: { claims: { cluster: "team/team-writer-0" } },
  },
  {
    title: "of a deleted pod",
    owner: { namespace: "team", pod: { name: "gone", uid: "u" } },
    want: { ok: false, problem: "of a deleted pod" },
  },
  {
    title: "of another cluster's pod",
    owner: { namespace: "team", pod: { name: "p", uid: "u" } },
    pod: { uid: "u", labels: { cluster: "other", agent: "team-writer" } },
    want: { claims: { cluster: "team/p" } },
  },
  {
    title: "of a pod that is not an agent",
    owner: { namespace: "team", pod: { name: "p", uid: "u" } },
    pod: { uid: "u", labels: { cluster: "team" } },
    want: { claims: { cluster: "team/p" } },
  },
])("a token $title is refused", async ({ owner, pod, want }) => {
  const { world, check } = setting();
  if (owner) world.owners.set("bad", owner);
  if (pod) world.pods.set("p", pod);
  expect(await check("bad")).toMatchObject(want);
});

test("an answer is cached for a minute, also while the control plane is unavailable", async () => {
  const { world, check } = setting();
  await Promise.all([check("good"), check("good"), check("good")]);
  world.now += 59_000;
  world.away = true;
  expect(await check("good")).toMatchObject({ ok: true });
  expect(world.asked).toBe(1);
  world.now += 2_000;
  await expect(check("good")).rejects.toMatchObject({ code: "SW704" });
  world.away = false;
  expect(await check("good")).toMatchObject({ ok: true });
});

test("an unknown token is refused while the control plane is unavailable; a refusal is cached for 5 s", async () => {
  const { world, check } = setting();
  world.away = true;
  await expect(check("good")).rejects.toMatchObject({ code: "SW704" });
  world.away = false;
  expect(await check("good")).toMatchObject({ ok: true });
  expect(await check("later")).toMatchObject({ ok: false });
  world.owners.set("later", { namespace: "team", pod: { name: "team-writer-0", uid: "u1" } });
  expect(await check("later")).toMatchObject({ ok: false });
  world.now += 5_001;
  expect(await check("later")).toMatchObject({ ok: true });
});

test("the token of a deleted pod is reviewed again", async () => {
  const { world, tokens, check } = setting();
  await check("good");
  world.owners.clear();
  expect(await check("good")).toMatchObject({ ok: true });
  tokens.forget("team-writer-0");
  expect(await check("good")).toMatchObject({ ok: false });
});

test("an answer under way when its pod goes is not kept", async () => {
  const { world, tokens, check } = setting();
  const underWay = check("good");
  tokens.forget("team-writer-0");
  expect(await underWay).toMatchObject({ ok: true });
  world.owners.clear();
  expect(await check("good")).toMatchObject({ ok: false });
});

test.each([
  undefined,
  "",
  "Basic x",
  `Bearer ${"x".repeat(9_000)}`,
])("%s is not a token, and the control plane is not called", async (header) => {
  const { world, tokens } = setting();
  expect(await tokens.authenticate(header)).toMatchObject({ ok: false });
  expect(world.asked).toBe(0);
});
