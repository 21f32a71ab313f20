import { Cron } from "croner";
import type { Notation } from "./notation.ts";

interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const fields: readonly CronField[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12, names: "jan feb mar apr may jun jul aug sep oct nov dec".split(" ") },
  { name: "day of week", min: 0, max: 7, names: "sun mon tue wed thu fri sat".split(" ") },
];

/**
 * The schedule of an expression that `parseCron` accepts; the validator and the reconciler use the same one.
 * @param timeZone an IANA time zone
 */
export function createSchedule(expression: string, timeZone: string): Cron {
  // "5/15" is valid in crontab; croner calls it sloppy.
  return new Cron(expression, { timezone: timeZone, paused: true, sloppyRanges: true });
}

/** Every expression that ever fires does so again after this time: the calendar repeats every 400 years. */
const anyTime = new Date(0);

/**
 * Parses a cron expression of five fields (crontab(5): lists, ranges, steps, names); returns it with single spaces. What it
 * accepts can be scheduled, and fires.
 * @example parseCron("0 20 * * 1-5") // { ok: true, value: "0 20 * * 1-5" }
 */
export function parseCron(value: string | number | boolean): Notation<string> {
  const written = String(value).trim().split(/\s+/);
  if (written.length !== fields.length) {
    const fix = "the fields are minute, hour, day of month, month, day of week";
    return { ok: false, why: `it has ${written.length} field${written.length === 1 ? "" : "s"} instead of 5`, fix };
  }
  for (const [index, field] of fields.entries()) {
    for (const item of (written[index] ?? "").split(",")) {
      const problem = judgeItem(item, field);
      if (problem !== undefined) return { ok: false, ...problem };
    }
  }
  const expression = written.join(" ");
  try {
    if (createSchedule(expression, "UTC").nextRun(anyTime) !== null) return { ok: true, value: expression };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message.replace(/^\w+: /, "") : String(error) };
  }
  return { ok: false, why: "it never fires: no year has such a day" };
}

interface Problem {
  readonly why: string;
  readonly fix?: string;
}

/** `*`, `5`, `1-5`, each with an optional `/step`. */
function judgeItem(item: string, field: CronField): Problem | undefined {
  const [span = "", step, more] = item.split("/");
  if (more !== undefined) return { why: `${field.name} "${item}" has two steps` };
  if (step !== undefined && !/^[1-9]\d{0,3}$/.test(step)) return { why: `${field.name} "${item}" has no valid step` };
  // The values of a field, and so its longest useful step: 60 minutes, 7 days of the week.
  const values = field.max === 7 ? 7 : field.max - field.min + 1;
  if (Number(step) > values) return { why: `${field.name} "${item}" has a step over ${values}`, fix: stepFix(field) };
  if (span === "*") return undefined;
  const ends = span.split("-");
  if (ends.length > 2) return { why: `${field.name} "${item}" is not a range` };
  const numbers = ends.map((end) => fieldValue(end, field));
  for (const [index, number] of numbers.entries()) {
    if (number === undefined) {
      return { why: `${field.name} "${ends[index]}" is not a value from ${field.min} to ${field.max}` };
    }
  }
  return judgeRange(span, numbers, field);
}

function judgeRange(span: string, numbers: readonly (number | undefined)[], field: CronField): Problem | undefined {
  const [from = 0, to = from] = numbers;
  if (field.max !== 7 || !/[a-z]/i.test(span)) {
    return from > to ? { why: `${field.name} ${span} runs backwards` } : undefined;
  }
  // As a name, Sunday is the first and the last day: FRI-SUN is a valid range, SUN-SUN would be the whole week.
  if (numbers.length === 2 && from % 7 === 0 && to % 7 === 0) {
    return { why: `${field.name} ${span} begins and ends on Sunday`, fix: "write SUN for Sunday, or * for every day" };
  }
  return from > (to === 0 ? 7 : to) ? { why: `${field.name} ${span} runs backwards` } : undefined;
}

/** A step is counted from the start of the field: no expression fires every 90 minutes. */
function stepFix({ name, min, max }: CronField): string {
  return name === "day of week" ? "write the days, such as MON,THU" : `list the values, from ${min} to ${max}`;
}

function fieldValue(text: string, field: CronField): number | undefined {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named !== -1) return named + (field.max === 12 ? 1 : 0);
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= field.min && number <= field.max ? number : undefined;
}
