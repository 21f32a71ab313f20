/** One run of a benchmark; `result` is its last line: JSON `{ subject: { name: figure } }`, or a sentence. */
export interface Run {
  readonly subject: string;
  readonly result: string;
}

export interface Machine {
  readonly cores: number;
  readonly gib: number;
  readonly processor: string;
  readonly node: string;
}

/** Renders docs/performance.md: a table for each benchmark; figures of several runs are medians. */
export function performancePage(machine: Machine, runs: readonly Run[]): string {
  const { cores, gib, processor, node } = machine;
  const subjects = [...new Set(runs.map(({ subject }) => subject))];
  return `# Performance

Measured by \`npm run bench\` on ${cores} cores, ${gib} GiB (${processor}), Node ${node}, with nothing beside it. The source of each
benchmark, \`bench/<subject>.ts\`, describes its method.
${subjects
  .map((subject) =>
    section(
      subject,
      runs.filter((run) => run.subject === subject),
    ),
  )
  .join("")}`;
}

function section(subject: string, runs: readonly Run[]): string {
  const figures = runs.map(({ result }) => flat(result, subject));
  const names = [...new Set(figures.flatMap((figure) => Object.keys(figure)))];
  const of = runs.length === 1 ? "" : `, medians of ${runs.length} runs`;
  const rows = names.map((name) => `| ${name} | ${middle(figures.flatMap((figure) => figure[name] ?? []))} |`);
  return `\n## bench:${subject}${of}\n\n| figure | value |\n|---|---|\n${rows.join("\n")}\n`;
}

type Figure = number | string;

/** `{ up: { seconds: 1 } }` becomes `{ "up seconds": 1 }`; a list is named by the \`name\` of its entries. */
function flat(result: string, subject: string): Readonly<Record<string, Figure>> {
  if (!result.startsWith("{")) return { result };
  const { [subject]: value } = JSON.parse(result) as Record<string, unknown>;
  return Object.fromEntries(entries(value, []));
}

function entries(value: unknown, path: readonly string[]): [string, Figure][] {
  if (Array.isArray(value)) {
    return value.flatMap((entry: { name?: string }, index) => {
      const { name = String(index), ...rest } = entry;
      return entries(rest, [...path, name]);
    });
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => (key === "machine" ? [] : entries(inner, [...path, key])));
  }
  return [[path.join(" "), typeof value === "number" ? value : String(value)]];
}

/** The median of numbers; of anything else, the first value. */
function middle(values: readonly Figure[]): Figure {
  const numbers = values.filter((value) => typeof value === "number").toSorted((a, b) => a - b);
  return numbers[Math.floor(numbers.length / 2)] ?? values[0] ?? "not measured";
}
