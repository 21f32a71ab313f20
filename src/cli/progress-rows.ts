import type { Overview, Row, Track } from "../lifecycle/executor/progress/track.ts";
import { printable } from "../platform/printable.ts";
import { duration, type Output } from "./output.ts";
import { stepTitle } from "./step-title.ts";

/** Order of the rows when the screen is too small for all. */
const first: readonly Row["state"][] = ["failed", "working", "waiting", "done"];

const colours = { failed: "red", working: "cyan", waiting: "dim", done: "green" } as const;

/**
 * Renders an operation for a terminal: an overview line, and one row per role and node pool. When `height` is too small, failed
 * and working rows come first, followed by the number of hidden rows.
 */
export function liveRows(
  track: Pick<Track, "overview" | "rows">,
  nowMs: number,
  height: number,
  style: Output["style"],
): readonly string[] {
  const overview = track.overview(nowMs);
  if (overview === undefined) return [];
  const all = track.rows(nowMs);
  const room = Math.max(1, height - 2);
  const shown = all.length <= room ? all : all.toSorted((a, b) => first.indexOf(a.state) - first.indexOf(b.state));
  const rows = shown.slice(0, room).map((row) => ({ ...row, title: printable(row.title), text: printable(row.text) }));
  const width = Math.max(0, ...rows.map(({ title }) => title.length));
  const lines = rows.map((row) => describe(row, width, style));
  const hidden = all.length - rows.length;
  return [head(overview, style), ...lines, ...(hidden > 0 ? [style("dim", `... and ${hidden} more`)] : [])];
}

function head({ kind, cluster, step, elapsedMs, leftMs }: Overview, style: Output["style"]): string {
  const where = step === undefined ? "" : `: ${stepTitle(step)}`;
  return `${style("bold", `${kind} ${cluster}`)}${where}  ${style("dim", times(elapsedMs, leftMs))}`;
}

function describe(
  { title, state, doing, text, elapsedMs, leftMs }: Row,
  width: number,
  style: Output["style"],
): string {
  const word = state === "working" ? doing : state;
  const parts = [style(colours[state], word.padEnd(20)), title.padEnd(width)];
  if (text !== "") parts.push(text);
  if (state !== "waiting") parts.push(style("dim", times(elapsedMs, leftMs)));
  return parts.join("  ");
}

function times(elapsedMs: number, leftMs: number | undefined): string {
  return leftMs === undefined ? duration(elapsedMs) : `${duration(elapsedMs)}, about ${duration(leftMs)} left`;
}
