import { randomBytes } from "node:crypto";
import { styleText } from "node:util";
import { printableJson, printableLines } from "../platform/printable.ts";

type Style = Parameters<typeof styleText>[0];

/**
 * Writes results to standard output, and notes and progress to standard error. All texts are made printable here: only `style`
 * colours them. Where a text of others must stay on one line, its place calls `printable`.
 */
export interface Output {
  /** Results are JSON. */
  readonly json: boolean;
  /** Standard error is a terminal, and results are text. */
  readonly terminal: boolean;
  /** Standard error is a terminal that shows live rows. */
  readonly live: boolean;
  result(value: unknown, text: () => string): void;
  /** One line of a stream on standard output, without `--json`. */
  line(text: string): void;
  /** One JSON line of a stream (`--json` of long operations). */
  event(value: unknown): void;
  /** Further lines of the text are indented, so that none looks like a note of its own. */
  note(line: string): void;
  /** Colours a text for `note` and `toTerminal`. */
  style(style: Style, text: string): string;
}

/** Random, so that a text of others cannot contain a colour of ours. */
const seal = randomBytes(12).toString("hex");
const sealedColour = new RegExp(`${seal}\\[(\\d+)m`, "g");

function sealed(styled: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of styleText
  return styled.replace(/\u001b\[(\d+)m/g, `${seal}[$1m`);
}

/** A text for a terminal: control characters are escaped, except line breaks and the colours of `style`. */
export function toTerminal(text: string): string {
  return printableLines(text).replace(sealedColour, "\u001b[$1m");
}

/** Creates the output of a command. @param json whether results are JSON */
export function createOutput(json: boolean): Output {
  const style: Output["style"] = (name, text) =>
    sealed(styleText(name, printableLines(text), { stream: process.stderr }));
  const terminal = !json && process.stderr.isTTY === true;
  return {
    json,
    terminal,
    live: terminal && process.env.TERM !== "dumb",
    result: (value, text) =>
      process.stdout.write(`${json ? printableJson(JSON.stringify(value, null, 2)) : toTerminal(text())}\n`),
    line: (text) => process.stdout.write(`${toTerminal(text)}\n`),
    event: (value) => process.stdout.write(`${printableJson(JSON.stringify(value))}\n`),
    note: (line) => {
      if (!json) process.stderr.write(`${toTerminal(line).replaceAll("\n", "\n  ")}\n`);
    },
    style,
  };
}

/** Formats a duration: "4s", "3m12s", "2h05m", "3d04h". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h${two(Math.floor(seconds / 60) % 60)}m`;
  return `${Math.floor(seconds / 86_400)}d${two(Math.floor(seconds / 3600) % 24)}h`;
}

const words = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  same: "unchanged",
} as const;
const future = {
  create: "to create",
  update: "to update",
  replace: "to replace",
  delete: "to delete",
  same: "unchanged",
} as const;

/** Summarises changes by operation: "3 created, 1 updated, 2 unchanged", or "3 to create" for a plan. */
export function summarise(
  changes: Readonly<Partial<Record<string, number>>>,
  tense: "past" | "future" = "past",
): string {
  const by = tense === "past" ? words : future;
  const parts = (Object.keys(words) as (keyof typeof words)[]).flatMap((op) => {
    const count = changes[op] ?? 0;
    return count === 0 ? [] : [`${count} ${by[op]}`];
  });
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}
