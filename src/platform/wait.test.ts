import { expect, test } from "vitest";
import { poll } from "./wait.ts";

test("the first answer ends it", async () => {
  let asked = 0;
  expect(await poll(() => (++asked === 3 ? "yes" : undefined), { deadlineMs: 5_000, intervalMs: 1 })).toBe("yes");
});

test("it asks at least once, and ends at its deadline", async () => {
  expect(await poll(() => "yes", { deadlineMs: 0 })).toBe("yes");
  expect(await poll(() => undefined, { deadlineMs: 5, intervalMs: 1 })).toBeUndefined();
});

test("an abort ends it in the middle of a pause", async () => {
  const stop = new AbortController();
  const waiting = poll(
    () => {
      stop.abort();
      return undefined;
    },
    { deadlineMs: 60_000, intervalMs: 60_000, signal: stop.signal },
  );
  await expect(waiting).rejects.toMatchObject({ code: "SW606" });
});
