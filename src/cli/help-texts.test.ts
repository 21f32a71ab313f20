import type { Command } from "commander";
import { expect, test } from "vitest";
import { createProgram } from "./program.ts";

const program = await createProgram();
const all = commandsOf(program).map((command) => ({ name: nameOf(command), help: command.helpInformation(), command }));

function commandsOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(commandsOf)];
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

test.each(all)("$name --help tells each default once, as one writes it", ({ help }) => {
  const entries = help.split(/\n(?= {2}\S)/);
  for (const entry of entries) expect(entry.match(/\(default:/g)?.length ?? 0, entry).toBeLessThan(2);
  expect(help).not.toMatch(/\(default: [{[]/);
  expect(help).not.toMatch(/\(default: \d{4,}/);
});

test.each(all)("$name describes itself, its arguments and its options", ({ command }) => {
  expect(command.description()).not.toBe("");
  const hidden = command.options.filter((option) => option.hidden);
  for (const option of command.options)
    if (!hidden.includes(option)) expect(option.description, option.flags).not.toBe("");
  for (const argument of command.registeredArguments) expect(argument.description, argument.name()).not.toBe("");
});
