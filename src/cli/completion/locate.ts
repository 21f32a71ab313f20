import type { Command, Option } from "commander";

/** What stands at the cursor of a command line. */
export type Place =
  | { readonly kind: "option"; readonly options: readonly Option[] }
  | { readonly kind: "value"; readonly option: Option }
  | { readonly kind: "command"; readonly commands: readonly Command[] }
  /** `name` is undefined where the command takes no further operand. */
  | { readonly kind: "operand"; readonly name: string | undefined; readonly choices: readonly string[] };

export interface Located {
  readonly place: Place;
  /** Values of the options before the cursor, by their long flag. */
  readonly given: ReadonlyMap<string, string>;
}

/**
 * Finds what a command line has at its end.
 *
 * @param words the words after `swarmctl`, the last of which is begun, or empty
 */
export function locate(program: Command, words: readonly string[]): Located {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  const given = new Map<string, string>();
  let command = program;
  let operands = 0;
  let pending: Option | undefined;
  let literal = false;
  for (const word of before) {
    if (pending !== undefined) {
      given.set(pending.long ?? "", word);
      pending = undefined;
    } else if (word === "--" && !literal) {
      literal = true;
    } else if (!literal && word.startsWith("-")) {
      const [flag = "", value] = word.split("=", 2);
      const option = optionsOf(command).find(({ long, short }) => flag === long || flag === short);
      if (value !== undefined) given.set(flag, value);
      else if (option?.required) pending = option;
    } else {
      const below = operands === 0 ? command.commands.find((one) => one.name() === word) : undefined;
      if (below === undefined) operands += 1;
      else command = below;
    }
  }
  if (pending !== undefined) return { place: { kind: "value", option: pending }, given };
  if (!literal && current.startsWith("-")) return { place: { kind: "option", options: optionsOf(command) }, given };
  if (operands === 0 && command.commands.length > 0 && command.registeredArguments.length === 0) {
    return { place: { kind: "command", commands: shownCommands(command) }, given };
  }
  const all = command.registeredArguments;
  const argument = all[operands] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined);
  return { place: { kind: "operand", name: argument?.name(), choices: argument?.argChoices ?? [] }, given };
}

function optionsOf(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}

function shownCommands(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command);
}
