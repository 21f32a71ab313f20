import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { fakeMachine } from "./fakes.fixture.ts";
import { withLock } from "./lock.ts";

async function lockFile(): Promise<string> {
  return join((await fakeMachine()).root, "locks", "a.lock");
}

test("work under one lock never overlaps, also inside one process, and an error frees it", async () => {
  const file = await lockFile();
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await sleep(10);
    inside -= 1;
    throw new Error("work failed");
  };
  const options = { deadlineMs: 10_000, pollMs: 5 };
  const results = await Promise.allSettled([1, 2, 3, 4].map(() => withLock(file, options, work)));
  expect(most).toBe(1);
  for (const result of results) expect(result).toMatchObject({ reason: { message: "work failed" } });
});

test("a holder that does not finish is SW504, which names it", async () => {
  const file = await lockFile();
  let finish = (): void => {};
  const holding = withLock(
    file,
    { deadlineMs: 0, pollMs: 5 },
    () => new Promise<void>((resolve) => (finish = resolve)),
  );
  await sleep(50);
  const waits: number[] = [];
  const options = { deadlineMs: 100, pollMs: 20, onWait: (_: string, waitedMs: number) => waits.push(waitedMs) };
  const waiting = withLock(file, options, async () => "never");
  await expect(waiting).rejects.toMatchObject({ code: "SW504", exitStatus: 4 });
  await expect(waiting).rejects.toThrow(`process ${process.pid}, since `);
  expect(waits.length).toBeGreaterThanOrEqual(2);
  finish();
  await holding;
  expect(await withLock(file, options, async () => "now")).toBe("now");
});

test("a signal ends the wait", async () => {
  const file = await lockFile();
  const holding = withLock(file, { deadlineMs: 0, pollMs: 5 }, () => sleep(300));
  await sleep(50);
  const signal = AbortSignal.timeout(50);
  await expect(withLock(file, { deadlineMs: 10_000, pollMs: 10_000, signal }, async () => 1)).rejects.toThrow(/abort/i);
  await holding;
});
