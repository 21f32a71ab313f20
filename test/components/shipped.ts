import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TargetKind } from "../../src/blueprint/model.ts";
import { parseBlueprint } from "../../src/blueprint/parse.ts";
import { SwarmError } from "../../src/errors.ts";
import { type CompileOptions, compile } from "../../src/plan/compile.ts";
import type { Plan } from "../../src/plan/plan.ts";

const root = join(import.meta.dirname, "../..");

export const targetsUnderTest = ["local", "docker", "kubernetes", "aws"] as const satisfies readonly TargetKind[];

export interface Sample {
  readonly name: string;
  readonly file: string;
  readonly folder: string;
}

/** The shipped blueprints, and those that use every feature. */
export function samples(): readonly Sample[] {
  const folder = join(root, "blueprints");
  const shipped = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  const own = join(import.meta.dirname, "fixtures");
  return [
    ...shipped.sort().map((file) => ({ name: file.replace(/\.yaml$/, ""), file: join(folder, file), folder })),
    ...["everything", "everything-docker", "everything-cilium"].map((name) => ({
      name,
      file: join(own, `${name}.yaml`),
      folder: own,
    })),
  ];
}

export function sampleNamed(name: string): Sample {
  const sample = samples().find((one) => one.name === name);
  if (sample === undefined) throw new TypeError(`no sample ${name}`);
  return sample;
}

export type Compiled = { readonly plan: Plan } | { readonly refused: readonly string[] };

/** The plan, or the codes of its refusal. The blueprint's digest is masked, because it is not under test. */
export function compileSample(sample: Sample, target: TargetKind, options: Partial<CompileOptions> = {}): Compiled {
  const text = readFileSync(sample.file, "utf8");
  const { blueprint, diagnostics } = parseBlueprint(text, { file: sample.file, target });
  if (blueprint === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    return { refused: [...new Set(errors.map(({ code }) => String(code)))].sort() };
  }
  try {
    const plan = compile({ ...blueprint, digest: "[digest]" }, { cluster: sample.name, target, ...options });
    return { plan };
  } catch (error) {
    if (error instanceof SwarmError) return { refused: [`${error.code} ${error.message}`] };
    throw error;
  }
}
