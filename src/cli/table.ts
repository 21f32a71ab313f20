import Table from "cli-table3";
import { printable } from "../platform/printable.ts";

type Rows = readonly (readonly (string | number)[])[];

export interface TableLimits {
  /** Width of the terminal in columns; default: that of standard output, without a limit where it is none. */
  readonly width?: number | undefined;
  /** Heads of the columns that are left out first where the terminal is too narrow, in this order. */
  readonly drops?: readonly string[];
}

const leastWidth = 8;

/**
 * Renders a table without borders, one line per row, with aligned columns. On a terminal that is too narrow it leaves out the columns
 * of `drops`, and then cuts the widest ones, so that no line wraps.
 */
export function table(
  head: readonly string[],
  rows: Rows,
  { width = process.stdout.isTTY ? process.stdout.columns : undefined, drops = [] }: TableLimits = {},
): string {
  const texts = rows.map((row) => row.map((cell) => printable(String(cell))));
  let shown = head.map((_, index) => index);
  const tooWide = () => width !== undefined && width > 0 && totalOf(widthsOf(head, texts, shown)) > width;
  for (const name of drops) if (tooWide()) shown = shown.filter((index) => head[index] !== name);
  const widths = width !== undefined && tooWide() ? cut(widthsOf(head, texts, shown), width) : undefined;
  return render(
    shown.map((index) => head[index] ?? ""),
    texts.map((row) => shown.map((index) => row[index] ?? "")),
    widths,
  )
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

const gap = 2;

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap * Math.max(0, widths.length - 1);
}

/** The head of a column is padded to its width, and has one column a character. */
function widthsOf(head: readonly string[], rows: readonly (readonly string[])[], shown: readonly number[]): number[] {
  return shown.map((index) => {
    const column = rows.map((row) => [row[index] ?? ""]);
    return render([head[index] ?? ""], column).split("\n")[0]?.length ?? 0;
  });
}

/** Takes what is too wide from the widest columns. */
function cut(widths: readonly number[], width: number): number[] {
  const cut = [...widths];
  for (let excess = totalOf(widths) - width; excess > 0; excess--) {
    const widest = cut.indexOf(Math.max(...cut));
    const before = cut[widest] ?? 0;
    if (before <= leastWidth) break;
    cut[widest] = before - 1;
  }
  return cut;
}

function render(head: readonly string[], rows: readonly (readonly string[])[], widths?: readonly number[]): string {
  const none = "";
  const printed = new Table({
    head: [...head],
    ...(widths && { colWidths: [...widths] }),
    chars: {
      top: none,
      "top-mid": none,
      "top-left": none,
      "top-right": none,
      bottom: none,
      "bottom-mid": none,
      "bottom-left": none,
      "bottom-right": none,
      left: none,
      "left-mid": none,
      mid: none,
      "mid-mid": none,
      right: none,
      "right-mid": none,
      middle: " ".repeat(gap),
    },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  printed.push(...rows.map((row) => [...row]));
  return printed.toString();
}
