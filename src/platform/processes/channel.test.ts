import { expect, test } from "vitest";
import { SwarmError } from "../../errors.ts";
import type { EchoChannel } from "./channel.fixture.ts";
import { callProcess, type EarlyEnd, siblingModule } from "./channel.ts";

const child = siblingModule("channel.fixture", import.meta.url);

async function call(mode: string, onEvent?: () => void, signal = new AbortController().signal) {
  const events: string[] = [];
  const ends: EarlyEnd[] = [];
  const done: Promise<unknown> = callProcess<EchoChannel>(child, { mode } as EchoChannel["request"], {
    ...{ signal, stderr: "read" },
    onEvent({ text }) {
      events.push(text);
      onEvent?.();
    },
    onEarlyEnd(end) {
      ends.push(end);
      return new SwarmError("SW604", "ended early");
    },
  });
  const outcome = await done.catch((error: unknown) => error);
  return { outcome, events, ends };
}

test("events arrive in order before the result", async () => {
  const { outcome, events, ends } = await call("echo");
  expect(outcome).toEqual({ mode: "echo", wasAborted: false });
  expect(events).toEqual(["first", "second"]);
  expect(ends).toEqual([]);
});

test("an error keeps its code, hints and values", async () => {
  const { outcome } = await call("refuse");
  expect(outcome).toBeInstanceOf(SwarmError);
  expect(outcome).toMatchObject({ code: "SW601", message: "busy", hints: ["wait"], values: { holder: 7 } });
  expect(outcome).not.toHaveProperty("cause");
});

test("a bug of the child arrives as SW900 with the child's stack", async () => {
  const { outcome } = await call("fault");
  expect(outcome).toMatchObject({ code: "SW900", message: "a bug" });
  expect((outcome as SwarmError).cause).toMatchObject({ stack: expect.stringContaining("channel.fixture.ts") });
});

test("a request that does not parse is refused by the child", async () => {
  expect((await call("unknown")).outcome).toMatchObject({ code: "SW801", message: "this is no request" });
});

test("a child that exits without a result is an early end, with what it sent before", async () => {
  const { outcome, events, ends } = await call("exit");
  expect(outcome).toMatchObject({ code: "SW604" });
  expect(events.every((text) => text === "first" || text === "second")).toBe(true);
  expect(ends).toEqual([{ reason: "status 3", stderr: "out of luck" }]);
});

test("an abort reaches the work, which still returns its result", async () => {
  const controller = new AbortController();
  const { outcome } = await call("until-aborted", () => controller.abort(), controller.signal);
  expect(outcome).toEqual({ mode: "until-aborted", wasAborted: true });
});
