import { systemCode } from "../platform/files.ts";

/**
 * Commands, by their first words, that only print: they end when the reader of their output is gone. Any other command
 * continues and exits with its own status, as its changes do not depend on a reader.
 */
const readers: readonly string[] = [
  ...["status", "agents", "logs", "events", "plan", "doctor", "version", "help", "completion", "shellenv"],
  ...["top", "describe", "wait", "env plan", "env list", "ops list", "ops show", "ops follow", "ops logs"],
  ...["task list", "task show", "task watch", "memory list", "memory get", "checkpoint list", "images list"],
  ...["blueprint validate", "blueprint compile", "blueprint explain", "blueprint schema"],
];

/** Whether a command only shows something. @param words the arguments of swarmctl */
export function onlyShows(words: readonly string[]): boolean {
  if (words.some((word) => word === "--help" || word === "-h" || word === "--version" || word === "-V")) return true;
  const [first = "help", second = ""] = words.filter((word) => !word.startsWith("-"));
  return readers.includes(first) || readers.includes(`${first} ${second}`);
}

/** Codes of a write whose reader is gone: a closed pipe or connection, a terminal that was hung up, a stream that ended. */
const goneCodes = new Set(["EPIPE", "ECONNRESET", "EIO", "ERR_STREAM_DESTROYED"]);

/** What to do about a write that failed. */
export type LostOutput =
  | { readonly action: "ignore" }
  | { readonly action: "tell"; readonly line: string }
  | { readonly action: "exit"; readonly status: 0 | 1; readonly line?: string };

/** Judges a write to standard output that failed: a reader that went away is no failure, a full device is one. */
export function judgeLostOutput(error: unknown, words: readonly string[], isTold: boolean): LostOutput {
  const code = systemCode(error) ?? "";
  const reads = onlyShows(words);
  if (goneCodes.has(code)) return reads ? { action: "exit", status: 0 } : { action: "ignore" };
  const line = `standard output cannot be written (${code || String(error)})`;
  if (reads) return { action: "exit", status: 1, line: `error SW510  ${line}` };
  return isTold ? { action: "ignore" } : { action: "tell", line: `${line}; the command continues without it` };
}

/** Keeps a write that fails, on either output, from ending the command in the middle of what it changes. */
export function guardOutput(words: readonly string[]): void {
  let isTold = false;
  process.stdout.on("error", (error: unknown) => {
    const lost = judgeLostOutput(error, words, isTold);
    if (lost.action === "ignore") return;
    isTold = true;
    if (lost.line !== undefined) process.stderr.write(`${lost.line}\n`);
    if (lost.action === "exit") process.exit(lost.status);
  });
  process.stderr.on("error", () => {});
}
