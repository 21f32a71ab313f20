import { availableParallelism } from "node:os";
import type { Blueprint } from "../src/blueprint/model.ts";
import { parseBlueprint } from "../src/blueprint/parse.ts";
import { allocate, defaultTarget } from "../src/plan/allocate.ts";
import { compile } from "../src/plan/compile.ts";

/**
 * Measures a blueprint from text to checked model, and from there to a plan with its counts. Wall time, and CPU time,
 * which other load on the machine does not affect. The last line is the result.
 */
const rounds = 9;

function blueprintOf(agents: number): string {
  const lines = [
    "metadata: { id: bench, name: Bench, version: 1.0.0 }",
    "cluster: { type: department, scaling: { metric: task_queue_length, scale_up_threshold: 10, scale_down_threshold: 2 } }",
    "agents:",
    "  - { role: supervisor, name: Boss }",
  ];
  for (let index = 1; index < agents; index++) {
    // One lead for nine workers; short, because 10,000 agents must fit into 1 MiB.
    const lead = index - ((index - 1) % 10);
    if (index === lead) lines.push(`  - { role: lead, name: Lead ${index}, reports_to: supervisor }`);
    else
      lines.push(
        `  - { role: worker, name: Agent ${index}, count: 0-5, reports_to: Lead ${lead}, capabilities: [write, review] }`,
      );
  }
  return `${lines.join("\n")}\n`;
}

interface Measure {
  readonly wallMs: number;
  readonly cpuMs: number;
}

function measure(work: () => unknown): Measure {
  const cpu = process.cpuUsage();
  const start = performance.now();
  work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

function validate(text: string): Blueprint {
  const { blueprint, diagnostics } = parseBlueprint(text, { file: "bench.yaml" });
  if (blueprint === undefined) throw new Error(`the blueprint of the benchmark is invalid: ${diagnostics[0]?.message}`);
  return blueprint;
}

function plan(blueprint: Blueprint): string {
  const made = compile(blueprint, { cluster: "bench", target: "kubernetes" });
  return JSON.stringify([made, allocate(defaultTarget(made.bounds), made.bounds)]);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

interface Row {
  readonly first: Measure;
  readonly wallMs: number;
  readonly cpuMs: number;
}

function run(what: string, work: () => unknown): Row {
  const all = Array.from({ length: rounds }, () => measure(work));
  const first = all[0] ?? { wallMs: Number.NaN, cpuMs: Number.NaN };
  const wallMs = median(all.map((one) => one.wallMs));
  const cpuMs = median(all.map((one) => one.cpuMs));
  const shown = (value: number) => `${value.toFixed(0).padStart(6)} ms`;
  console.log(`${what.padEnd(24)} first ${shown(first.wallMs)}, median ${shown(wallMs)}, CPU ${shown(cpuMs)}`);
  return { first, wallMs, cpuMs };
}

function bench(agents: number): { readonly validated: Row; readonly planned: Row } {
  const text = blueprintOf(agents);
  const validated = run(`validate ${agents} agents`, () => validate(text));
  const blueprint = validate(text);
  return { validated, planned: run(`plan ${agents} agents`, () => plan(blueprint)) };
}

const thousand = bench(1000);
const tenThousand = bench(10_000);
const ratio = (part: "validated" | "planned") => (tenThousand[part].wallMs / thousand[part].first.wallMs).toFixed(1);
console.log(
  `blueprint: 1,000 agents validated in ${thousand.validated.first.wallMs.toFixed(0)} ms cold, ` +
    `${thousand.validated.wallMs.toFixed(0)} ms warm, planned in ${thousand.planned.first.wallMs.toFixed(0)} ms cold; ` +
    `10,000 in ${ratio("validated")} and ${ratio("planned")} times that (${availableParallelism()} cores)`,
);
