import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";

const resource = z.strictObject({ type: z.string(), name: z.string(), inputs: z.record(z.string(), z.unknown()) });
const refusal = z.strictObject({ refused: z.array(z.string()) });
const content = z.union([z.array(resource), refusal]);

type Resource = z.output<typeof resource>;

/** Content of a golden file: the resources of a plan, or the codes of its refusal. */
export type Golden = z.output<typeof content>;

const folder = join(import.meta.dirname, "golden");

/** Compares with a golden file; UPDATE_GOLDEN=1 writes it first. Each different resource is a named failure. */
export function compareWithGolden(file: string, actual: Golden): void {
  const path = join(folder, file);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, format(actual));
  expect(existsSync(path), `${file} is missing: UPDATE_GOLDEN=1 writes it`).toBe(true);
  const expected = content.parse(JSON.parse(readFileSync(path, "utf8")));
  // Through JSON, so that a new file matches.
  const recorded = content.parse(JSON.parse(JSON.stringify(actual)));
  if (!Array.isArray(recorded) || !Array.isArray(expected)) {
    expect(recorded, file).toEqual(expected);
    return;
  }
  expect.soft(recorded.map(id), `${file}: the list of resources`).toEqual(expected.map(id));
  const known = new Map(expected.map((one) => [id(one), one]));
  for (const one of recorded) {
    const golden = known.get(id(one));
    if (golden !== undefined) expect.soft(one, `${file}: ${id(one)}`).toEqual(golden);
  }
}

/** A JSON array with one resource a line; a refusal is one line. */
function format(value: Golden): string {
  if (!Array.isArray(value)) return `${JSON.stringify(value)}\n`;
  return `[\n${value.map((one) => JSON.stringify(one)).join(",\n")}\n]\n`;
}

function id({ type, name }: Resource): string {
  return `${type} ${name}`;
}
