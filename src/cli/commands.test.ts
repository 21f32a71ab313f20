import { expect, test } from "vitest";
import { commandEntries } from "./commands.ts";
import { createProgram } from "./program.ts";

test.each(commandEntries)("$name is the command that its module makes", async ({ name, load }) => {
  const command = await load();
  expect(command.name()).toBe(name);
  // Told once, in the table.
  expect(command.description()).toBe("");
});

test("all commands show the same help in the list, whether loaded or not", async () => {
  const line = ({ commands }: Awaited<ReturnType<typeof createProgram>>) =>
    commands.map((command) => `${command.name()} ${command.description()}`);
  expect(line(await createProgram([]))).toEqual(line(await createProgram()));
});

test.each([
  { words: ["status", "--json"], loaded: ["status"] },
  { words: ["--json", "task", "list"], loaded: ["task"] },
  { words: ["help", "up"], loaded: ["up"] },
  { words: ["--help"], loaded: [] },
])("$words loads $loaded", async ({ words, loaded }) => {
  const { commands } = await createProgram(words);
  const whole = commands.filter((command) => command.options.length > 0 || command.commands.length > 0);
  expect(whole.map((command) => command.name())).toEqual(loaded);
});
