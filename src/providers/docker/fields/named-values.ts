import { z } from "zod";

/** Labels in the SDK's form: a set of pairs. */
export const labelsSchema = z.array(z.strictObject({ label: z.string(), value: z.string() }));
export const textsSchema = z.record(z.string(), z.string());

type Labels = z.infer<typeof labelsSchema>;

export function recordOfLabels(labels: Labels = []): Record<string, string> {
  return Object.fromEntries(labels.map(({ label, value }) => [label, value]));
}

export function labelsOfRecord(record: Readonly<Record<string, string>>): Labels {
  return Object.entries(record).map(([label, value]) => ({ label, value }));
}
