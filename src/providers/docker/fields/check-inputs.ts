import type { z } from "zod";
import { isRecord } from "../../../platform/json.ts";
import type { CheckFailure, CheckResult } from "../../base/resource.ts";
import { hasUnknown, type Properties } from "../../base/values.ts";

/** Drops members without a value and reports what the schema rejects. */
export function checkInputs(schema: z.ZodType, inputs: Properties): CheckResult {
  const plain = withoutNulls(inputs) as Properties;
  const parsed = schema.safeParse(plain);
  const failures = parsed.success ? [] : parsed.error.issues.flatMap((issue) => failureOf(issue, plain));
  return { inputs: plain, failures };
}

function failureOf(issue: z.core.$ZodIssue, inputs: Properties): readonly CheckFailure[] {
  const property = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      property: [...issue.path, key].join("."),
      reason: "the offline docker plugin does not have it",
    }));
  }
  const found = issue.path.reduce<unknown>(
    (value, step) =>
      isRecord(value) || Array.isArray(value) ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    inputs,
  );
  // Unknown values are checked again when they are known.
  return hasUnknown(found) ? [] : [{ property, reason: issue.message }];
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).filter(
    ([key, member]) => member !== null && member !== undefined && key !== "__defaults",
  );
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}
