import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Writes results to standard output, and notes and progress to standard error. */
export interface Output {
  /** Results are JSON. */
  readonly json: boolean;
  /** Standard error is a terminal, and results are text. */
  readonly terminal: boolean;
  /** Standard error is a terminal that shows live rows. */
  readonly live: boolean;
  result(value: unknown, text: () => string): void;
  /** One JSON line of a stream (`--json` of long operations). */
  event(value: unknown): void;
  note(line: string): void;
  style(style: Style, text: string): string;
}

/** Creates the output of a command. @param json whether results are JSON */
export function createOutput(json: boolean): Output {
  const style: Output["style"] = (name, text) => styleText(name, text, { stream: process.stderr });
  const terminal = !json && process.stderr.isTTY === true;
  return {
    json,
    terminal,
    live: terminal && !process.env.NO_COLOR && process.env.TERM !== "dumb",
    result: (value, text) => process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text()}\n`),
    event: (value) => process.stdout.write(`${JSON.stringify(value)}\n`),
    note: (line) => {
      if (!json) process.stderr.write(`${line}\n`);
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
