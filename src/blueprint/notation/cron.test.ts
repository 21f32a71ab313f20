import fc from "fast-check";
import { expect, test } from "vitest";
import { createSchedule, parseCron } from "./cron.ts";

const word = fc.constantFrom(
  "*",
  "0",
  "1",
  "5",
  "7",
  "23",
  "29",
  "30",
  "31",
  "59",
  "60",
  "SUN",
  "sat",
  "JAN",
  "feb",
  "x",
  "",
);
const span = fc.oneof(
  word,
  fc.tuple(word, word).map(([from, to]) => `${from}-${to}`),
  fc.nat(70).map(String),
  fc.tuple(fc.nat(60), fc.nat(60)).map(([from, to]) => `${from}-${to}`),
);
const item = fc.oneof(
  { weight: 3, arbitrary: span },
  { weight: 1, arbitrary: fc.tuple(span, fc.nat(100)).map(([of, step]) => `${of}/${step}`) },
);
const field = fc.array(item, { minLength: 1, maxLength: 2 }).map((items) => items.join(","));
const narrow = fc.oneof({ weight: 2, arbitrary: fc.constant("*") }, { weight: 1, arbitrary: field });
const expressions = fc.tuple(narrow, narrow, narrow, narrow, narrow).map((fields) => fields.join(" "));

test("what is accepted can be scheduled in every time zone, and fires", () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
  let accepted = 0;
  fc.assert(
    fc.property(expressions, zones, (expression, zone) => {
      const parsed = parseCron(expression);
      if (!parsed.ok) return;
      accepted += 1;
      const schedule = createSchedule(parsed.value, zone);
      const now = new Date("2026-06-15T12:00:00Z");
      expect(schedule.nextRun(now)?.getTime()).toBeGreaterThan(now.getTime());
      expect(schedule.previousRuns(1, now)).toHaveLength(1);
    }),
    { numRuns: 2_000, seed: 20_250_102 },
  );
  expect(accepted).toBeGreaterThan(300);
});

test.each([
  ["*/90 * * * *", 'minute "*/90" has a step over 60'],
  ["0 */25 * * *", 'hour "*/25" has a step over 24'],
  ["0 0 * * */8", 'day of week "*/8" has a step over 7'],
  ["0 0 30 2 *", "it never fires: no year has such a day"],
  ["0 0 31 4,6,9,11 *", "it never fires: no year has such a day"],
  ["0 0 * * 7/2", "it never fires: no year has such a day"],
  ["0 0 * * SUN-SUN", "day of week SUN-SUN begins and ends on Sunday"],
  ["0 0 * * sun-7", "day of week sun-7 begins and ends on Sunday"],
])("%s is refused: %s", (expression, why) => {
  expect(parseCron(expression)).toMatchObject({ ok: false, why });
});

test.each([
  "0 0 29 2 *",
  "*/60 * * * *",
  "5/15 * * * *",
  "0 0 * * 0-7",
  "0 0 * * FRI-SUN",
  "0 0 29 2 1",
  "0 0 1 */12 *",
])("%s is accepted", (expression) => expect(parseCron(expression)).toEqual({ ok: true, value: expression }));
