import { expect, test } from "vitest";
import { toOperationEvent } from "./events.ts";
import { changedProperties } from "./property-changes.ts";

const urn = "urn:pulumi:dev::swarmstack::swarmstack:index:AgentCluster$swarmstack:index:AgentPool::dev-worker";
const metadata = {
  op: "update",
  urn,
  type: "swarmstack:index:AgentPool",
  provider: "",
  old: { inputs: { count: 1 } },
  new: { inputs: { count: 5 } },
};
const base = { sequence: 1, timestamp: 1 };

type Event = Parameters<typeof toOperationEvent>[0];

test("a step names its resource, and its changes with both values", () => {
  expect(toOperationEvent({ ...base, resOutputsEvent: { metadata } } as unknown as Event)).toEqual({
    type: "step",
    phase: "done",
    op: "update",
    resource: { urn, type: "swarmstack:index:AgentPool", name: "dev-worker" },
    changes: [{ path: "count", old: 1, new: 5 }],
  });
});

test("a refresh tells what it found otherwise than recorded, and an update in what the real thing differs", () => {
  const moved = {
    ...{ old: { inputs: {}, outputs: { repoDigest: "a" } }, new: { inputs: {}, outputs: { repoDigest: "b" } } },
    diffs: ["repoDigest"],
  };
  const told = (op: string) =>
    toOperationEvent({ ...base, resOutputsEvent: { metadata: { ...metadata, ...moved, op } } } as unknown as Event);
  expect(told("refresh")).toMatchObject({ op: "refresh", changes: [{ path: "repoDigest", old: "a", new: "b" }] });
  expect(told("update")).toMatchObject({ op: "update", changes: [], differing: ["repoDigest"] });
});

test.each([
  {
    title: "debug diagnostics, which hold secrets in the clear",
    event: { diagnosticEvent: { message: "resp: s3cret", severity: "debug", color: "" } },
  },
  {
    title: "default providers",
    event: {
      resourcePreEvent: {
        metadata: { ...metadata, urn: "urn:pulumi:dev::swarmstack::pulumi:providers:swarmstack::default" },
      },
    },
  },
  {
    title: "the stack itself",
    event: {
      resourcePreEvent: {
        metadata: { ...metadata, urn: "urn:pulumi:dev::swarmstack::pulumi:pulumi:Stack::swarmstack-dev" },
      },
    },
  },
  { title: "the end marker", event: { cancelEvent: {} } },
])("no event for $title", ({ event }) => {
  expect(toOperationEvent({ ...base, ...event } as unknown as Event)).toBeUndefined();
});

test("colours of the engine are taken out of messages", () => {
  const diagnosticEvent = {
    urn,
    message: "<{%reset%}>hello<{%reset%}>\n",
    severity: "info#err",
    color: "never",
    prefix: "",
  };
  expect(toOperationEvent({ ...base, diagnosticEvent } as unknown as Event)).toMatchObject({
    severity: "info",
    text: "hello",
  });
});

test.each([
  {
    old: { a: { b: [1, 2] } },
    next: { a: { b: [1, 3, 4] } },
    want: [
      { path: "a.b[1]", old: 2, new: 3 },
      { path: "a.b[2]", old: null, new: 4 },
    ],
  },
  {
    old: { s: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" } },
    next: { s: "now plain" },
    want: [{ path: "s", old: "[secret]", new: "now plain" }],
  },
  {
    old: { image: "sha256:1" },
    next: { image: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
    want: [{ path: "image", old: "sha256:1", new: "[unknown]" }],
  },
  { old: { a: 1 }, next: { a: 1 }, want: [] },
])("changed properties of $old", ({ old, next, want }) => {
  expect(changedProperties(old, next)).toEqual(want);
});
