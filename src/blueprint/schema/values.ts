import type { EgressRule, ReplicaRange } from "../model.ts";
import { parseCron } from "../notation/cron.ts";
import { parseDuration } from "../notation/duration.ts";
import { parseEgress } from "../notation/egress.ts";
import { parseExpression } from "../notation/expression.ts";
import { parseImage } from "../notation/image.ts";
import type { Notation } from "../notation/notation.ts";
import { parseBytes, parseCpu } from "../notation/quantity.ts";
import { parseRange } from "../notation/range.ts";
import { parseRedis } from "../notation/redis.ts";
import { parseTimeZone } from "../notation/time-zone.ts";
import { secretIn } from "../secret-patterns.ts";
import { object } from "../shape/object.ts";
import { notation, number, text } from "../shape/scalars.ts";
import { type Draft, invalid, required, type Shape } from "../shape/shape.ts";

/** Text or a number in YAML, with examples for editors. */
function scalar(...examples: readonly (string | number)[]) {
  return { type: ["string", "number"], examples };
}

/** Milliseconds. */
export const duration: Shape<number> = notation({
  code: "SW209",
  expects: 'a duration such as "30 seconds"',
  parse: parseDuration,
  json: { type: "string", examples: ["30 seconds", "2 minutes", "1 hour", "7 days"] },
});

/** The longest time of one timer, rounded down from 2^31 ms. */
const longestTimerMs = 20 * 86_400_000;

/** Milliseconds of what is timed in one piece, such as a drain. */
export const timedDuration: Shape<number> = notation({
  code: "SW209",
  expects: 'a duration such as "30 seconds"',
  parse(written) {
    const parsed = parseDuration(written);
    return parsed.ok && parsed.value > longestTimerMs ? { ok: false, why: "it is longer than 20 days" } : parsed;
  },
  json: { type: "string", examples: ["30 seconds", "2 minutes", "1 hour"] },
});

const anyRange = notation({
  code: "SW208",
  expects: "a count such as 3, or a range such as 0-5",
  parse: parseRange,
  json: {
    anyOf: [
      { type: "integer", minimum: 0 },
      { type: "string", pattern: "^\\d+\\s*-\\s*\\d+$" },
    ],
    examples: [1, "0-5"],
  },
});

/** A count, or a range with ordered ends. */
export const range: Shape<ReplicaRange> = {
  ...anyRange,
  read(node, path, report) {
    const value = anyRange.read(node, path, report);
    if (value === invalid || value.min <= value.max) return value;
    report("SW313", { span: node.span, path }, { ...value }, { suggestion: `${value.max}-${value.min}` });
    return invalid;
  },
};

/** Thousandths of a core. */
export const cpu: Shape<number> = notation({
  code: "SW210",
  expects: "an amount of CPU such as 500m or 2",
  parse: parseCpu,
  json: scalar("500m", 2),
});

/** Bytes. */
export const bytes: Shape<number> = notation({
  code: "SW210",
  expects: "a size such as 512Mi or 10Gi",
  parse: parseBytes,
  json: { type: "string", pattern: "^\\d+(\\.\\d+)?(k|M|G|T|Ki|Mi|Gi|Ti)$", examples: ["512Mi", "2Gi"] },
});

export const cron: Shape<string> = notation({
  code: "SW211",
  expects: 'a cron expression such as "0 20 * * 1-5"',
  parse: parseCron,
  asWritten: true,
  json: { type: "string", examples: ["0 20 * * 1-5"] },
});

export const timeZone: Shape<string> = notation({
  code: "SW212",
  expects: "a time zone such as Europe/Berlin",
  parse: parseTimeZone,
  asWritten: true,
  json: { type: "string", examples: ["Europe/Berlin", "UTC"] },
});

const imageName: Shape<string> = notation({
  code: "SW213",
  expects: "an image such as registry.example/agent:1.4",
  parse: parseImage,
  asWritten: true,
  json: { type: "string", examples: ["registry.example/agent:1.4"] },
});

const imageFields = {
  build: required(text({ what: "a path" }), "Folder with a Dockerfile, relative to the blueprint."),
};

const imageMap = object(imageFields, { name: "the image" });

/** A name, or a folder with a Dockerfile. */
export const image: Shape<string | Draft<typeof imageFields>> = {
  expects: imageName.expects,
  inner: { kind: "either", shapes: [imageName, imageMap] },
  json: () => ({ anyOf: [imageName.json(), imageMap.json()] }),
  read: (node, path, report) => (node.kind === "map" ? imageMap : imageName).read(node, path, report),
};

export const egressRule: Shape<EgressRule> = notation({
  code: "SW214",
  expects: "a rule such as 10.0.0.0/8:5432 or api.openai.com:443",
  parse: parseEgress,
  asWritten: true,
  json: { type: "string", examples: ["10.0.0.0/8:5432", "api.openai.com:443"] },
});

/** A threshold; a rule checks its unit, which depends on the metric. */
export const threshold: Shape<number | string> = notation({
  code: "SW209",
  expects: 'a threshold such as 10, or "5 seconds"',
  parse: (value): Notation<number | string> => ({
    ok: true,
    value: typeof value === "boolean" ? String(value) : value,
  }),
  json: scalar(10, "5 seconds"),
});

export const count: Shape<number> = number({
  min: 0,
  integer: true,
  max: 1_000_000,
  expected: "a whole number from 0",
});

export const amountUsd: Shape<number> = number({ above: 0, expected: "an amount over 0 (US dollars)" });

const anyExpression = text({
  what: "a Prometheus query, the URL of a JSON number, or a stream as redis:STREAM?group=GROUP",
});

/** What a signal of metric expression asks, as it is written. */
export const expression: Shape<string> = {
  ...anyExpression,
  read(node, path, report) {
    const value = anyExpression.read(node, path, report);
    const parsed = value === invalid ? undefined : parseExpression(value);
    if (parsed === undefined || parsed.ok) return value;
    report("SW223", { span: node.span, path }, { why: parsed.why }, { fix: parsed.fix });
    return invalid;
  },
};

/** The URL of a Redis without a password. */
export const redisAddress: Shape<string> = notation({
  code: "SW222",
  expects: "an address such as redis://host:6379",
  parse: (value) => {
    const parsed = parseRedis(value);
    // A password with a recognisable form is reported as a secret, whatever the key.
    if (parsed.ok || secretIn(String(value)) !== undefined) return { ok: true, value: String(value) };
    return parsed;
  },
  asWritten: true,
  json: { type: "string", pattern: "^rediss?:\\/\\/\\S+$", examples: ["redis://host:6379"] },
});
