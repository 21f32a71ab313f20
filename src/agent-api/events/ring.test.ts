import { expect, test } from "vitest";
import { EventRing } from "./ring.ts";

function ringOf(events: number, capacity = 10): EventRing {
  const ring = new EventRing("s", () => 5, capacity);
  for (let count = 1; count <= events; count++) ring.add("k", { count });
  return ring;
}

test.each([
  { name: "all", after: 0, stream: "s", offsets: [1, 2, 3], next: 3, missed: 0 },
  { name: "those that are new", after: 2, stream: "s", offsets: [3], next: 3, missed: 0 },
  { name: "none that is new", after: 3, stream: "s", offsets: [], next: 3, missed: 0 },
  { name: "an offset of the future", after: 9, stream: "s", offsets: [], next: 3, missed: 0 },
  { name: "an offset of another stream", after: 9, stream: "before", offsets: [1, 2, 3], next: 3, missed: 0 },
])("$name", ({ after, stream, offsets, next, missed }) => {
  const page = ringOf(3).after(after, stream, 100);
  expect(page).toMatchObject({ stream: "s", next, missed });
  expect(page.events.map(({ offset }) => offset)).toEqual(offsets);
});

test("the oldest are dropped, and how many is told", () => {
  const page = ringOf(25).after(3, "s", 100);
  expect(page.events.length).toBeLessThan(20);
  expect(page.events.at(-1)).toEqual({ kind: "k", count: 25, offset: 25, at: 5 });
  expect(page.missed).toBe(25 - 3 - page.events.length);
});

test("pages follow each other", () => {
  const ring = ringOf(5);
  const first = ring.after(0, "s", 2);
  expect(ring.after(first.next, first.stream, 2).events.map(({ offset }) => offset)).toEqual([3, 4]);
});

test("a reader waits for the next event, or for the end of its patience", async () => {
  const ring = ringOf(0);
  const waiting = ring.changed(new AbortController().signal);
  ring.add("k");
  await waiting;
  await ring.changed(AbortSignal.abort());
});

test("it is quiet since the last event, or since the stream has begun", () => {
  let now = 100;
  const ring = new EventRing("s", () => now);
  now = 130;
  expect(ring.quietMs).toBe(30);
  ring.add("k");
  now = 135;
  expect(ring.quietMs).toBe(5);
});
