import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonErrorOffset } from "./json-error.ts";
import { parsePayload } from "./payload.ts";

test.each([
  ["[1,2,3]", [1, 2, 3]],
  ["[]", []],
  [' { "a" : [null] } ', { a: [null] }],
  ["42", 42],
  ["-1.5e3", -1500],
  ["true", true],
  ["null", null],
  ["a slogan", { text: "a slogan" }],
  ["", { text: "" }],
  ['"quoted"', { text: '"quoted"' }],
  ["007", { text: "007" }],
  ["NaN", { text: "NaN" }],
  ['{"id":"123456789012345678"}', { id: "123456789012345678" }],
])("%s arrives as %j", (written, value) => expect(parsePayload(written)).toEqual({ ok: true, value }));

test.each([
  ["{broken", 'it is not JSON: unexpected "b" at line 1, column 2'],
  ['{"a": 1,\n "b": x}', 'it is not JSON: unexpected "x" at line 2, column 7'],
  ["[1,2", "it is not JSON: it ends at line 1, column 5"],
  ["[1,]", 'it is not JSON: unexpected "]" at line 1, column 4'],
  ["[1] 2", 'it is not JSON: unexpected "2" at line 1, column 5'],
  ["{'a':1}", 'it is not JSON: unexpected "\'" at line 1, column 2'],
  [
    "123456789012345678",
    "123456789012345678 would change, it has more digits than a JSON number keeps: put it in quotes",
  ],
  [
    '{"id":123456789012345678}',
    "123456789012345678 would change, it has more digits than a JSON number keeps: put it in quotes",
  ],
  ["1e999", "1e999 would change, it is out of the range of JSON: put it in quotes"],
  ["[".repeat(65) + "]".repeat(65), "it is nested over 64 deep"],
])("%s is refused", (written, why) => expect(parsePayload(written)).toEqual({ ok: false, why }));

test("the position of an error agrees with JSON.parse on what is JSON", () => {
  const almost = fc
    .tuple(fc.json(), fc.nat(), fc.nat(2), fc.constantFrom("", ",", "]", "}", '"', "x", "0", "\\", "\n", " ", "-"))
    .map(([text, at, remove, insert]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + insert + text.slice(place + remove);
    });
  fc.assert(
    fc.property(almost, (text) => {
      const offset = jsonErrorOffset(text);
      const parses = () => JSON.parse(text) as unknown;
      if (offset === undefined) expect(parses).not.toThrow();
      else {
        expect(parses).toThrow();
        expect(offset).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 3_000, seed: 4 },
  );
});
