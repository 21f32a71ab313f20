import { expect, test } from "vitest";
import { ApiFailure } from "./failure.ts";
import { deadlineSignal, type Followed, follow } from "./follow.ts";
import type { WatchEvent } from "./watch.ts";

/** Watches by turn; an error ends the watch with it. What is asked comes as "asked n". */
function setting(...watches: readonly (readonly (string | Error)[])[]) {
  const log = { watches: 0, asks: 0 };
  const followed: Followed<string> = {
    async *watch() {
      const events = watches[log.watches++] ?? [];
      for (const event of events) {
        if (event instanceof Error) throw event;
        yield { type: event === "gone" ? "DELETED" : "MODIFIED", object: { event } } satisfies WatchEvent;
      }
    },
    take: ({ type, object }) => (type === "DELETED" ? undefined : String(object.event)),
    ask: async () => `asked ${++log.asks}`,
  };
  return { log, followed };
}

async function first(count: number, followed: Followed<string>): Promise<readonly string[]> {
  const seen: string[] = [];
  for await (const state of follow(followed, new AbortController().signal)) {
    seen.push(state);
    if (seen.length === count) break;
  }
  return seen;
}

test("events are states; what only a question can tell is asked", async () => {
  const { followed } = setting(["a", "b", "gone"], ["c"]);
  expect(await first(4, followed)).toEqual(["a", "b", "asked 1", "c"]);
});

test("a watch that ends or fails is followed by a question and the next watch", async () => {
  const { followed, log } = setting(["a"], [new ApiFailure(410, "too old")], [new Error("connection lost")], ["b"]);
  expect(await first(5, followed)).toEqual(["a", "asked 1", "asked 2", "asked 3", "b"]);
  expect(log.watches).toBe(4);
});

test("a watch that is refused is not tried again", async () => {
  const { followed, log } = setting([new ApiFailure(403, "forbidden")], ["never"]);
  expect(await first(3, followed)).toEqual(["asked 1", "asked 2", "asked 3"]);
  expect(log.watches).toBe(1);
});

test("the deadline ends it, also in the middle of a watch and of failures", async () => {
  const silent: Followed<string> = {
    async *watch(signal) {
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
    take: () => "never",
    ask: async () => "asked",
  };
  const failing = setting().followed;
  for (const followed of [silent, failing]) {
    const signal = deadlineSignal(30, new AbortController().signal);
    for await (const _ of follow(followed, signal));
    expect(signal.reason).toMatchObject({ name: "TimeoutError" });
  }
});

test("an abort from outside is the deadline's reason", () => {
  const abort = new AbortController();
  const signal = deadlineSignal(2 ** 40, abort.signal);
  expect(signal.aborted).toBe(false);
  abort.abort("cancelled");
  expect(signal.reason).toBe("cancelled");
});
