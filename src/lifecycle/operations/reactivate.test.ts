import { expect, test } from "vitest";
import type { Json } from "../../store/json.ts";
import { expectedRoots } from "./reactivate.ts";

const saved = { "writer-0": "aaaa", "writer-1": "bbbb" };
const any = { "writer-0": "", "writer-1": "" };
const differed: Json = { code: "SW713", message: "the state of 1 instances differs" };
const died: Json = { code: "SW704", message: "no supervisor" };

test.each<{ name: string; rolledBack: Json[]; expected: Record<string, string> }>([
  { name: "the first reactivation restores what was saved", rolledBack: [], expected: saved },
  { name: "after one that was rolled back, agents may have saved again", rolledBack: [null], expected: any },
  { name: "also after one that failed for another reason", rolledBack: [died], expected: any },
  { name: "states that differed stay wrong until they are accepted", rolledBack: [died, differed], expected: saved },
])("$name", ({ rolledBack, expected }) => {
  expect(
    expectedRoots(
      saved,
      rolledBack.map((error) => ({ error })),
    ),
  ).toEqual(expected);
});
