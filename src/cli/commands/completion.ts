import { resolve } from "node:path";
import { Argument, Command } from "commander";
import { printable } from "../../platform/printable.ts";
import { candidates } from "../completion/candidates.ts";
import { type Shell, scripts, shells } from "../completion/scripts.ts";
import { createReadingContext } from "../context.ts";
import { examples } from "../examples.ts";

export function completionCommand(): Command {
  return new Command("completion")
    .addArgument(new Argument("<shell>", "the shell that reads it").choices(shells))
    .addHelpText(
      "after",
      `${examples(["source <(npx swarmctl completion bash)", "swarmctl completion fish | source"])}

Completes commands, options and their values, and the names of clusters, instances, agents, operations and tasks that exist now, for
swarmctl and for npx swarmctl.`,
    )
    .action((shell: Shell) => {
      process.stdout.write(scripts[shell]([process.execPath, resolve(process.argv[1] ?? "swarmctl")]));
    });
}

/** Status with which the shell completes files. */
const filesStatus = 3;

/** @param load loads the commands that words name */
export function completeCommand(load: (words: readonly string[]) => Promise<Command>): Command {
  return new Command("__complete")
    .argument("[words...]", "the words of a command line")
    .action(async (words: string[]) => {
      const context = createReadingContext({});
      const { sourcesOf } = await import("../completion/sources.ts");
      const found = await candidates(await load(words), words, sourcesOf(context));
      if (found === undefined) process.exitCode = filesStatus;
      else {
        for (const { word, description = "" } of found)
          process.stdout.write(`${printable(word)}\t${printable(description)}\n`);
      }
    });
}
