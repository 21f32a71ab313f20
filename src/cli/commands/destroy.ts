import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { SwarmError } from "../../errors.ts";
import { chooseCluster, createContext, type GlobalOptions } from "../context.ts";
import { report, showing, withWait } from "../lifecycle.ts";
import { examples } from "./up.ts";

interface DestroyOptions extends GlobalOptions {
  readonly yes?: boolean;
  readonly ifPresent?: boolean;
  readonly wait?: number;
  readonly purge?: boolean;
}

export function destroyCommand(): Command {
  return removing("destroy", false)
    .description("remove a cluster; its blueprint, its record and its agents' last state go to an archive")
    .option("--purge", "keep no archive")
    .addHelpText("after", examples(["swarmctl destroy marketing-v1", "swarmctl destroy marketing-v1 --purge --yes"]));
}

export function downCommand(): Command {
  return removing("down", true)
    .description("stop a cluster's agents and remove everything of it: destroy --purge")
    .addHelpText("after", examples(["swarmctl down marketing-v1 --yes"]));
}

function removing(name: string, purges: boolean): Command {
  return withWait(new Command(name))
    .argument("[cluster]", "name of a cluster (default: the only one)")
    .option("-y, --yes", "do not ask")
    .option("--if-present", "no such cluster is success")
    .action(async (named: string | undefined, _options: DestroyOptions, command: Command) => {
      const options = command.optsWithGlobals<DestroyOptions>();
      const context = createContext(options);
      try {
        const cluster = await chooseCluster(context, named);
        const purge = purges || (options.purge ?? false);
        await confirm(name, cluster, purge, options);
        // Not before the question: live rows would be drawn over it.
        const on = { cluster, waitMs: options.wait ?? 0 };
        report(context, await showing(context, { verb: "operation", kind: "destroy", ...on, input: { purge } }));
      } catch (error) {
        if (!(options.ifPresent && error instanceof SwarmError && error.code === "SW605")) throw error;
        context.output.note(named === undefined ? "there is no cluster" : `there is no cluster ${named}`);
      }
    });
}

async function confirm(command: string, cluster: string, purge: boolean, options: DestroyOptions): Promise<void> {
  if (options.yes) return;
  const state = purge ? " with its agents' state" : "";
  if (!process.stdin.isTTY || options.json) {
    throw new SwarmError("SW801", `${command} removes cluster ${cluster}${state}: confirm with --yes`);
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`Remove cluster ${cluster}${state}? Type its name: `);
  prompt.close();
  if (answer.trim() !== cluster) throw new SwarmError("SW801", "that is not its name; nothing was removed");
}
