import { expect, test } from "vitest";
import { ApiFailure, Unreachable } from "../../../control-plane/failure.ts";
import type { WatchEvent } from "../../../control-plane/watch.ts";
import type { Objects } from "../cluster/objects.ts";
import type { KubeObject } from "../object.ts";
import { info, ready, type WaitRule, waiting } from "./rule.ts";
import { waitUntilGone } from "./wait-until-gone.ts";
import { waitUntilReady } from "./wait-until-ready.ts";

const reference = { group: "", version: "v1", kind: "Thing", namespace: "team", name: "it" };
const object = (version: number, more: object = {}): KubeObject => ({
  metadata: { name: "it", uid: "1", resourceVersion: String(version) },
  version,
  ...more,
});
const changed = (version: number): WatchEvent => ({ type: "MODIFIED", object: object(version) });
const deleted: WatchEvent = { type: "DELETED", object: object(9) };
const notFound = new ApiFailure(404, { message: "not found", reason: "NotFound" });

type Watched = readonly (WatchEvent | Error | "silent")[];

/** Watches by turn, and answers to GETs by turn, of which the last stays. */
function server(watches: readonly Watched[], answers: readonly (KubeObject | Error)[] = [], events: Watched = []) {
  const log: string[] = [];
  let [watch, get] = [0, 0];
  async function* play(what: Watched, signal: AbortSignal) {
    for (const event of what) {
      if (event instanceof Error) throw event;
      if (event === "silent") await new Promise((_, reject) => signal.addEventListener("abort", reject));
      else yield event;
    }
  }
  const objects = {
    watch(_reference: unknown, version: string | undefined, signal: AbortSignal) {
      log.push(`watch from ${version}`);
      return play(watches[watch++] ?? [new ApiFailure(500, "no more")], signal);
    },
    watchEvents(_reference: unknown, uid: string, signal: AbortSignal) {
      log.push(`watch events of ${uid}`);
      return play([...events, "silent"], signal);
    },
    async events() {
      return [];
    },
    async get() {
      log.push("get");
      const answer = answers[Math.min(get++, answers.length - 1)];
      if (answer === undefined || answer instanceof Error) throw answer ?? notFound;
      return answer;
    },
  };
  return { log, objects: objects as unknown as Objects };
}

/** Content from version 3 on, or with an event. */
const rule: WaitRule = {
  timedOut: (name) => `'${name}' timed out`,
  judge: ({ object: { version }, events }) =>
    Number(version) >= 3 || events.length > 0 ? ready() : waiting([info(`version ${version}`)], ["it is too old"]),
};

function untilReady(objects: Objects, more: { timeoutMs?: number; signal?: AbortSignal; events?: boolean } = {}) {
  const said: string[] = [];
  const log = { progress: (text: string) => said.push(text), info: () => {}, warning: () => {} };
  const { timeoutMs = 60_000, signal = new AbortController().signal, events = false } = more;
  const setting = { objects, reference, rule: { ...rule, events }, timeoutMs, updating: false, signal, log };
  return { said, outcome: waitUntilReady(object(1), setting) };
}

test("a watch tells when an object has come up: nothing is asked", async () => {
  const { objects, log } = server([[changed(2), changed(3), "silent"]]);
  const { said, outcome } = untilReady(objects);
  expect(await outcome).toEqual({ object: object(3), reasons: [] });
  expect(log).toEqual(["watch from 1"]);
  expect(said).toContain("version 1");
});

test("what is up is not watched", async () => {
  const { objects, log } = server([]);
  const setting = { objects, reference, rule, timeoutMs: 1000, updating: false, signal: new AbortController().signal };
  const silent = { progress: () => {}, info: () => {}, warning: () => {} };
  expect((await waitUntilReady(object(3), { ...setting, log: silent })).reasons).toEqual([]);
  expect(log).toEqual([]);
});

test.each<[string, readonly Watched[], readonly string[]]>([
  ["ends", [[changed(2)], [changed(3)]], ["watch from 1", "get", "watch from 2"]],
  ["fails", [[new Error("connection lost")], [changed(3)]], ["watch from 1", "get", "watch from 2"]],
  ["is too old", [[new ApiFailure(410, "too old")], [changed(3)]], ["watch from 1", "get", "watch from 2"]],
])("a watch that %s is followed by a question and the next watch", async (_how, watches, want) => {
  const { objects, log } = server(watches, [object(2)]);
  expect((await untilReady(objects).outcome).reasons).toEqual([]);
  expect(log).toEqual(want);
});

test("where watching is forbidden, the object is asked for", async () => {
  const { objects, log } = server([[new ApiFailure(403, "forbidden")]], [object(1), object(2), object(3)]);
  expect((await untilReady(objects).outcome).object).toEqual(object(3));
  expect(log).toEqual(["watch from 1", "get", "get", "get"]);
});

test.each<[string, readonly Watched[]]>([
  ["a silent watch", [["silent"]]],
  ["watches that fail", []],
  ["watching forbidden", [[new ApiFailure(403, "forbidden")]]],
])("the deadline holds with %s", async (_how, watches) => {
  const { objects } = server(watches, [new Unreachable("Get x", "unreachable")]);
  const { outcome } = untilReady(objects, { timeoutMs: 20 });
  expect((await outcome).reasons).toEqual(["'it' timed out", "it is too old"]);
});

test("a cancel ends the wait", async () => {
  const abort = new AbortController();
  const { outcome } = untilReady(server([["silent"]]).objects, { signal: abort.signal });
  setImmediate(() => abort.abort());
  expect((await outcome).reasons[0]).toBe('Resource operation was cancelled for "it"');
});

test("an object that goes meanwhile fails the wait, when a question confirms it", async () => {
  await expect(untilReady(server([[deleted]], [notFound]).objects).outcome).rejects.toMatchObject({ status: 404 });
  const { objects } = server([[deleted], [changed(3)]], [object(2)]);
  expect((await untilReady(objects).outcome).reasons).toEqual([]);
});

test("events are watched for the rules that ask for them", async () => {
  const event: WatchEvent = { type: "ADDED", object: { metadata: { name: "e" }, lastTimestamp: "2026-01-01" } };
  const { objects, log } = server([["silent"]], [], [event]);
  expect((await untilReady(objects, { events: true }).outcome).reasons).toEqual([]);
  expect(log).toEqual(["watch from 1", "watch events of 1"]);
});

const untilGone = (objects: Objects, timeoutMs = 60_000) =>
  waitUntilGone(objects, reference, { uid: "1", timeoutMs, signal: new AbortController().signal });

test.each<[string, readonly Watched[], readonly (KubeObject | Error)[], readonly string[]]>([
  ["at once", [], [notFound], ["get"]],
  ["by a watch", [[changed(2), deleted]], [object(1)], ["get", "watch from 1"]],
  [
    "when another has its name",
    [[{ type: "ADDED", object: { metadata: { uid: "2" } } }]],
    [object(1)],
    ["get", "watch from 1"],
  ],
  ["after a watch that ended", [[]], [object(1), notFound], ["get", "watch from 1", "get"]],
  ["where watching is forbidden", [[new ApiFailure(403, "no")]], [object(1), notFound], ["get", "watch from 1", "get"]],
  [
    "while the server is away",
    [[]],
    [object(1), new Unreachable("Get", "away"), notFound],
    ["get", "watch from 1", "get", "watch from 1", "get"],
  ],
])("an object is gone %s", async (_how, watches, answers, want) => {
  const { objects, log } = server(watches, answers);
  expect(await untilGone(objects)).toBeUndefined();
  expect(log).toEqual(want);
});

test.each<[string, readonly Watched[]]>([
  ["a silent watch", [["silent"]]],
  ["watches that fail", []],
])("what does not go is returned at the deadline, with %s", async (_how, watches) => {
  expect(await untilGone(server(watches, [object(1)]).objects, 20)).toEqual(object(1));
});
