import type { Command, CommanderError } from "commander";
import { createProgram } from "../../src/cli/program.ts";

/** Ends of a command in a line of shell. */
const end = /\s(?:\\?[|;&<>]|\d?>)|[`)]|["']*$/;

/** Arguments of each `swarmctl` in a text, line by line, split as a shell does. */
export function commandLines(text: string): readonly (readonly string[])[] {
  return text.split("\n").flatMap((line) =>
    [...line.replace(/\s#.*$/, "").matchAll(/(?<=^|[\s`("])swarmctl (?=[a-z-])([^`]*)/g)].map(([, rest = ""]) =>
      rest
        .slice(0, rest.search(end))
        .split(/\s+(?=(?:[^"']*["'][^"']*["'])*[^"']*$)/)
        .map((word) => word.replace(/["']/g, ""))
        .filter((word) => word !== ""),
    ),
  );
}

/** Parses a command line with the real program. @returns its error; undefined if its action would run or it shows help */
export async function complaint(words: readonly string[]): Promise<string | undefined> {
  const program = await createProgram(words);
  let said: string | undefined = "no action ran";
  disarm(program, () => {
    said = undefined;
  });
  await program.parseAsync(words, { from: "user" }).catch((error: CommanderError) => {
    said = error.code === "commander.helpDisplayed" ? undefined : error.message;
  });
  return said;
}

/** Commands that have subcommands and an action too. */
const both = new Set(["agent-server"]);

function disarm(command: Command, onAction: () => void): void {
  command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  if (command.commands.length === 0 || both.has(command.name())) command.action(onAction);
  for (const below of command.commands) disarm(below, onAction);
}
