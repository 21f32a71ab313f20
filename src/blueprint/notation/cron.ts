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
 * Parses a cron expression of five fields (crontab(5): lists, ranges, steps, names); returns it with single spaces.
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
      const why = judgeItem(item, field);
      if (why !== undefined) return { ok: false, why };
    }
  }
  return { ok: true, value: written.join(" ") };
}

/** `*`, `5`, `1-5`, each with an optional `/step`. */
function judgeItem(item: string, field: CronField): string | undefined {
  const [span = "", step, more] = item.split("/");
  if (more !== undefined) return `${field.name} "${item}" has two steps`;
  if (step !== undefined && !/^[1-9]\d{0,3}$/.test(step)) return `${field.name} "${item}" has no valid step`;
  if (span === "*") return undefined;
  const ends = span.split("-");
  if (ends.length > 2) return `${field.name} "${item}" is no range`;
  const numbers = ends.map((end) => fieldValue(end, field));
  for (const [index, number] of numbers.entries()) {
    if (number === undefined) return `${field.name} "${ends[index]}" is no value from ${field.min} to ${field.max}`;
  }
  const [from = 0, to = from] = numbers;
  // Sunday may be written as 7, so that FRI-SUN is a valid range.
  const end = field.max === 7 && to === 0 && ends.length === 2 && /[a-z]/i.test(ends[1] ?? "") ? 7 : to;
  return from > end ? `${field.name} ${span} runs backwards` : undefined;
}

function fieldValue(text: string, field: CronField): number | undefined {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named !== -1) return named + (field.max === 12 ? 1 : 0);
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= field.min && number <= field.max ? number : undefined;
}
