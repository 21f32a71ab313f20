import { Command } from "commander";
import { packageVersion } from "../version.ts";
import { type CommandEntry, commandEntries } from "./commands.ts";

const epilog = `
Exit statuses: 0 success, or no change; 1 failed; 2 changes pending (plan, env plan, gc --dry-run); 4 busy, retry later; 130 interrupted.
Environment: SWARM_HOME (~/.swarmstack), SWARM_CLUSTER (name of a cluster), SWARM_BACKEND (file:///...), SWARM_CACHE, SWARM_BLUEPRINT, SWARM_ENGINE, NO_COLOR.`;

/** Answers the completion scripts of shells. */
const complete: CommandEntry = {
  name: "__complete",
  description: "print what completes a command line",
  load: async () => (await import("./commands/completion.ts")).completeCommand(createProgram),
};

/** Commands that pass options on to another program. */
const passing = new Set(["pulumi", "exec"]);

/**
 * Creates the `swarmctl` command. Loads the modules of the commands that `words` name; of the others, only the name and the
 * description are known.
 *
 * @param words the arguments of swarmctl; default: all commands are loaded
 */
export async function createProgram(words?: readonly string[]): Promise<Command> {
  const program = new Command("swarmctl")
    .description("Agent clusters as code: one YAML blueprint becomes running agents through the Pulumi engine.")
    .version(packageVersion(), "-V, --version")
    .option("--json", "print JSON for scripts")
    .enablePositionalOptions()
    .showSuggestionAfterError(true)
    .addHelpText("after", epilog);
  // `swarmctl up`, or `swarmctl help up`; no option before the name of a command takes a value.
  const named = words?.filter((word) => !word.startsWith("-")).slice(0, 2);
  for (const entry of commandEntries) {
    const isUsed = named === undefined || named.includes(entry.name);
    program.addCommand(isUsed ? await loaded(entry) : new Command(entry.name).description(entry.description));
  }
  if (words?.[0] === complete.name) program.addCommand(await loaded(complete), { hidden: true });
  return program;
}

async function loaded({ name, description, load }: CommandEntry): Promise<Command> {
  const command = (await load()).description(description);
  // `swarmctl status --json` equals `swarmctl --json status`.
  if (!passing.has(name) && command.commands.length === 0) command.option("--json", "print JSON for scripts");
  return command;
}
