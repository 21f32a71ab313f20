import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { documents } from "../blueprint/fixtures/document.fixture.ts";
import { parseBlueprint } from "../blueprint/parse.ts";
import { targetKinds } from "../targets/kinds.ts";
import { compile } from "./compile.ts";

/** Each rule between the two is met several times. */
const runs = 400;

test.each(targetKinds)("what the validator accepts, compiles: %s", (target) => {
  let accepted = 0;
  fc.assert(
    fc.property(documents, fc.boolean(), (document, hasRedis) => {
      const { blueprint } = parseBlueprint(stringify(document), { file: "any.yaml", target, hasRedis });
      if (blueprint === undefined) return;
      accepted += 1;
      compile(blueprint, { cluster: "team", target });
    }),
    { numRuns: runs, seed: 20_250_101 },
  );
  expect(accepted).toBeGreaterThan(runs / 20);
});
