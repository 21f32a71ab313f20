import { parseBlueprint } from "../src/blueprint/parse.ts";

/**
 * How long a blueprint takes from text to checked model. Wall time, and CPU time, which other work on the machine does not
 * change. The last line is the figure.
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
    // One lead for each nine workers; short, because 10,000 agents are to fit into 1 MiB.
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

function measure(text: string): Measure {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const { blueprint, diagnostics } = parseBlueprint(text, { file: "bench.yaml" });
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  if (blueprint === undefined) throw new Error(`the bench's blueprint is not valid: ${diagnostics[0]?.message}`);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function run(agents: number): { readonly first: Measure; readonly wallMs: number; readonly cpuMs: number } {
  const text = blueprintOf(agents);
  const all = Array.from({ length: rounds }, () => measure(text));
  const first = all[0] ?? { wallMs: Number.NaN, cpuMs: Number.NaN };
  const wallMs = median(all.map((one) => one.wallMs));
  const cpuMs = median(all.map((one) => one.cpuMs));
  const shown = (value: number) => value.toFixed(0).padStart(6);
  console.log(
    `${String(agents).padStart(6)} agents, ${(text.length / 1024).toFixed(0)} KiB: first ${shown(first.wallMs)} ms`,
  );
  console.log(`${" ".repeat(14)}median ${shown(wallMs)} ms, CPU ${shown(cpuMs)} ms`);
  return { first, wallMs, cpuMs };
}

const thousand = run(1000);
const tenThousand = run(10_000);
const ratio = tenThousand.wallMs / thousand.first.wallMs;
console.log(
  `blueprint: 1,000 agents validated in ${thousand.first.wallMs.toFixed(0)} ms cold (CPU ${thousand.first.cpuMs.toFixed(0)} ms), ` +
    `${thousand.wallMs.toFixed(0)} ms warm (CPU ${thousand.cpuMs.toFixed(0)} ms); ` +
    `10,000 in ${tenThousand.wallMs.toFixed(0)} ms (${ratio.toFixed(1)} times the cold 1,000)`,
);
