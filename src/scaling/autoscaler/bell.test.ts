import { expect, test } from "vitest";
import { Bell } from "./bell.ts";

const never = new AbortController().signal;

test("a ring wakes the wait, and one that comes before it too, until it is cleared", async () => {
  const bell = new Bell();
  const waiting = bell.wait(60_000, never);
  bell.ring("push");
  expect(await waiting).toBe("push");
  expect(await bell.wait(60_000, never)).toBe("push");
  bell.clear();
  expect(await bell.wait(1, never)).toBe("interval");
});

test("a push counts more than a change of the row, whichever came first", async () => {
  const bell = new Bell();
  bell.ring("change");
  bell.ring("push");
  bell.ring("change");
  expect(await bell.wait(60_000, never)).toBe("push");
});

test("an abort ends the wait", async () => {
  const stop = new AbortController();
  const waiting = new Bell().wait(60_000, stop.signal);
  stop.abort();
  expect(await waiting).toBe("interval");
});
