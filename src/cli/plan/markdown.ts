import type { PropertyChange } from "../../stacks/property-changes.ts";
import { kindOf, type PlannedOp, type PlannedStep } from "./step.ts";

/** Maximum length of a GitHub comment in characters; GitLab allows a million. */
const commentLimit = 65_536;

/** Tables with more rows are collapsed. */
const mostOpenRows = 15;
const mostChangesInRow = 8;
const longestValue = 80;

const words: Readonly<Record<PlannedOp, string>> = {
  delete: "deleted",
  replace: "**replaced**",
  update: "changed",
  create: "created",
};

/** Destructive changes come first. */
const order: readonly PlannedOp[] = ["delete", "replace", "update", "create"];

interface MarkdownPlan {
  readonly cluster: string;
  /** "3 to create, 1 to update", or "no change". */
  readonly summary: string;
  readonly steps: readonly PlannedStep[];
}

/**
 * Renders a plan as GitHub and GitLab Markdown: a summary line and a table, collapsed when it is long. Rows over `limit` are
 * omitted and counted. Names and values are code spans, so that they cannot form links, mentions or cells.
 */
export function planMarkdown({ cluster, summary, steps }: MarkdownPlan, limit = commentLimit): string {
  const title = `### Plan of ${code(cluster)}: ${summary}\n`;
  if (steps.length === 0) return title;
  const rows = [...steps].sort((a, b) => order.indexOf(a.op) - order.indexOf(b.op)).map(rowOf);
  const whole = page(title, rows, 0);
  if (whole.length <= limit) return whole;
  let room = limit - page(title, [], rows.length).length;
  const fitting = rows.findIndex((row) => {
    room -= row.length + 1;
    return room < 0;
  });
  return page(title, rows.slice(0, fitting), rows.length - fitting);
}

function page(title: string, rows: readonly string[], omitted: number): string {
  const count = rows.length + omitted;
  const isFolded = count > mostOpenRows;
  const rest = `${omitted} more ${omitted === 1 ? "row is" : "rows are"} omitted here: ${code("swarmctl plan")} shows all.`;
  return [
    title,
    ...(isFolded ? [`<details><summary>${count} resources</summary>`, ""] : []),
    "| | Resource | Kind | Changes |",
    "|---|---|---|---|",
    ...rows,
    ...(isFolded ? ["", "</details>"] : []),
    ...(omitted > 0 ? ["", rest] : []),
    "",
  ].join("\n");
}

function rowOf({ op, resource, changes, drift }: PlannedStep): string {
  const cells = [words[op], cell(code(resource.name)), cell(kindOf(resource.type)), changesOf(op, changes, drift)];
  return `| ${cells.join(" | ")} |`;
}

function changesOf(op: PlannedOp, changes: PlannedStep["changes"], drift: PlannedStep["drift"]): string {
  if (changes.length > 0 || op !== "update") return list(changes);
  return drift.length === 0 ? "not as recorded" : `not as recorded: ${list(drift)}`;
}

function list(changes: readonly PropertyChange[]): string {
  const shown = changes.slice(0, mostChangesInRow).map(spell);
  const more = changes.length - shown.length;
  return cell([...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("<br>"));
}

function spell({ path, old, new: next }: PropertyChange): string {
  return `${code(cut(path))} ${code(value(old))} → ${code(value(next))}`;
}

function value(of: unknown): string {
  return cut(JSON.stringify(of) ?? "null");
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= longestValue ? text : `${characters.slice(0, longestValue - 1).join("")}…`;
}

/** Returns a code span; its fence is longer than any run of backticks in the text. */
function code(text: string): string {
  const line = text.replace(/\s+/g, " ");
  const runs = [...line.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(0, ...runs) + 1);
  const space = line === "" || line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

/** Escapes pipes: Markdown splits cells before it parses code spans. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
