import { expect, test } from "vitest";
import { refuseUnknown, unmatchedSelectors } from "./task-takers.ts";

const takers = [
  { agent: "content-creator", role: "worker", capabilities: ["copywriting", "Gro\u0308ße"] },
  { agent: "head", role: "supervisor", capabilities: [] },
];

test.each([
  { agent: "head" },
  { role: "worker" },
  { capability: "copywriting" },
  { capability: "Größe" },
])("%j is taken", (selector) => expect(() => refuseUnknown(selector, takers)).not.toThrow());

test.each([
  [{ agent: "content-crator" }, 'the cluster has no agent "content-crator"', "did you mean content-creator?"],
  [{ role: "lead" }, 'the cluster has no agent with the role "lead"', "there are: worker, supervisor"],
  [
    { capability: "copywritin" },
    'the cluster has no agent with the capability "copywritin"',
    "did you mean copywriting?",
  ],
])("%j is refused with the nearest name", (selector, message, hint) => {
  const act = () => refuseUnknown(selector, takers);
  expect(act).toThrow(message);
  expect(act).toThrow(
    expect.objectContaining({ code: "SW717", hints: [hint, expect.stringContaining("--allow-unknown")] }),
  );
});

test("only selectors with waiting tasks, and with no agent, are unmatched", () => {
  const counts = (waiting: number) => ({ waiting, leased: 0, done: 1, dead: 0, cancelled: 0 });
  const bySelector = { "agent:head": counts(1), "agent:gone": counts(2), "capability:x": counts(0) };
  expect(unmatchedSelectors({ total: counts(3), bySelector }, takers)).toEqual(["agent:gone"]);
});
