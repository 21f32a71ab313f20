import { describe, expect, test } from "vitest";
import { fastMark, type Mark, nextMark, parseMark, writerOf } from "./scale-mark.ts";

const uid = "u1";
const mark = (replicas: number, generation = 3): Mark => ({ uid, generation, replicas });
const desired = (replicas: number, generation = 3, max = 10, asleep = false) => ({
  uid,
  generation,
  replicas,
  max,
  asleep,
});

describe("writerOf", () => {
  test.each([
    { title: "our mark with this count", live: 4, found: mark(4), want: "ours" },
    { title: "our mark with another count, as after kubectl scale", live: 2, found: mark(4), want: "other" },
    { title: "no mark", live: 4, found: undefined, want: "earlier" },
    { title: "the mark of another cluster", live: 4, found: { ...mark(4), uid: "u2" }, want: "earlier" },
  ])("$title: $want", ({ live, found, want }) => {
    expect(writerOf(live, found, uid)).toBe(want);
  });
});

describe("nextMark", () => {
  test.each([
    {
      title: "a count that is asked for",
      live: 4,
      found: mark(4),
      requested: desired(6, 4),
      asked: true,
      want: mark(6, 4),
    },
    { title: "drift is repaired", live: 1, found: mark(4), requested: desired(4), asked: false, want: mark(4) },
    {
      title: "the fast path's newer count",
      live: 7,
      found: mark(7, 9),
      requested: desired(4),
      asked: false,
      want: mark(7, 9),
    },
    {
      title: "the same against an older desired state",
      live: 7,
      found: mark(7, 9),
      requested: desired(2),
      asked: true,
      want: mark(7, 9),
    },
    {
      title: "taken over with what runs",
      live: 8,
      found: undefined,
      requested: desired(5),
      asked: true,
      want: mark(8),
    },
    {
      title: "taken over, and raised to the desired count",
      live: 1,
      found: undefined,
      requested: desired(5),
      asked: true,
      want: mark(5),
    },
    {
      title: "taken over within the range",
      live: 8,
      found: undefined,
      requested: desired(5, 3, 6),
      asked: true,
      want: mark(6),
    },
    {
      title: "a change of other agents",
      live: 8,
      found: mark(8),
      requested: desired(5, 4),
      asked: false,
      want: mark(8, 4),
    },
    ...[
      { title: "of ours", found: mark(8) },
      { title: "of an autoscaler", found: undefined },
      { title: "of the fast path", found: mark(8, 9) },
      { title: "of another client", found: mark(2) },
    ].map(({ title, found }) => ({
      ...{ title: `a cluster that hibernates with a count ${title}`, live: 8, found },
      ...{ requested: desired(0, 4, 10, true), asked: true, want: mark(0, 4) },
    })),
    {
      title: "a range that shrank",
      live: 8,
      found: mark(8),
      requested: desired(5, 4, 6),
      asked: false,
      want: mark(6, 4),
    },
    {
      title: "a range that rose over a count of the fast path",
      live: 0,
      found: { ...mark(0), seq: 5 },
      requested: { ...desired(3, 4), min: 2 },
      asked: false,
      want: { ...mark(2, 4), seq: 5 },
    },
  ])("$title", ({ live, found, requested, asked, want }) => {
    expect(nextMark(live, found, requested, asked)).toEqual(want);
  });
});

test("text that is not a mark parses as none", () => {
  expect(["", "no", '{"uid":1}', undefined].map(parseMark)).toEqual([undefined, undefined, undefined, undefined]);
  expect(parseMark(JSON.stringify(mark(2)))).toEqual(mark(2));
});

describe("fastMark", () => {
  const fast = { uid, generation: 3, seq: 5, replicas: 7 };
  test.each([
    { title: "our count", live: 4, found: mark(4), want: { ...mark(7), seq: 5 } },
    { title: "an earlier write", live: 4, found: { ...mark(4, 2), seq: 4 }, want: { ...mark(7, 2), seq: 5 } },
    {
      title: "a pin that is over",
      live: 4,
      found: { ...mark(4), pin: { untilMs: 10 } },
      want: { ...mark(7), seq: 5, pin: { untilMs: 10 } },
    },
  ])("$title: written, and the generation stays", ({ live, found, want }) => {
    expect(fastMark(live, found, fast, 10)).toEqual({ ok: true, mark: want });
  });

  test.each([
    { title: "a later desired state", live: 4, found: mark(4, 4), reason: "its generation is 4, not 3" },
    { title: "a later write", live: 4, found: { ...mark(4), seq: 5 }, reason: "write 5 came before write 5" },
    { title: "no mark", live: 4, found: undefined, reason: "no update of this cluster has written its count" },
    {
      title: "another cluster",
      live: 4,
      found: { ...mark(4), uid: "u2" },
      reason: "no update of this cluster has written its count",
    },
    {
      title: "another client",
      live: 2,
      found: mark(4),
      reason: "another client set 2; this package wrote 4",
      because: "pinned",
    },
    { title: "a person", live: 4, found: { ...mark(4), pin: {} }, reason: "a person set its count", because: "pinned" },
  ])("$title: refused", ({ live, found, reason, because = "moved-on" }) => {
    expect(fastMark(live, found, fast, 10)).toEqual({ ok: false, because, reason });
  });

  test("an update keeps the count and the sequence of a fast write, and drops both for a requested count", () => {
    const written = { ...mark(7), seq: 5 };
    expect(nextMark(7, written, desired(4, 4), false)).toEqual({ ...mark(7, 4), seq: 5 });
    expect(nextMark(7, written, desired(2, 4), true)).toEqual(mark(2, 4));
    expect(nextMark(7, written, { ...desired(4, 4), pin: {} }, true)).toEqual({ ...mark(4, 4), pin: {} });
  });
});
