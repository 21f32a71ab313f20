import { createInterface } from "node:readline/promises";
import { SwarmError } from "../errors.ts";

interface Confirmation {
  /** What the command does, for an error: "task purge deletes 3 tasks". */
  readonly does: string;
  readonly question: string;
  /** The answer that confirms. */
  readonly answer: string;
}

/** Asks for a confirmation on a terminal. @throws SwarmError SW801 without a terminal, or for another answer */
export async function confirm(
  { does, question, answer }: Confirmation,
  { yes = false, json = false }: { readonly yes?: boolean | undefined; readonly json?: boolean | undefined },
): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || json) throw new SwarmError("SW801", `${does} and needs a confirmation: --yes`);
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const given = await prompt.question(`${question} Type ${answer} to confirm: `).finally(() => prompt.close());
  if (given.trim() !== answer) throw new SwarmError("SW801", `the answer is not ${answer}; nothing was done`);
}
