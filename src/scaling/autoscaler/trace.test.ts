import { expect, test } from "vitest";
import { parseRecorded } from "./trace.ts";

const recorded = {
  ...{ memory: { since: 1, agents: {} }, observation: { at: 1, agents: {} }, config: { agents: [] }, now: 2 },
  agents: {},
};

test("a recorded decision is read as it is", () => {
  expect(parseRecorded(JSON.stringify(recorded), 1)).toEqual(recorded);
});

test.each(["{", "7", "{}", JSON.stringify({ ...recorded, memory: {} })])("%s is no decision", (text) => {
  expect(() => parseRecorded(text, 3)).toThrow(
    expect.objectContaining({ code: "SW651", message: expect.stringMatching(/^line 3 of the trace/) }),
  );
});
