import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { SwarmError } from "../../errors.ts";
import { chooseCluster } from "../choose-cluster.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { type Context, createContext } from "../context.ts";
import { forgetCurrentCluster } from "../current-cluster.ts";
import { examples } from "../examples.ts";
import { report, showing, withWait } from "../lifecycle.ts";

interface DestroyOptions extends ClusterOptions {
  readonly yes?: boolean;
  readonly ifPresent?: boolean;
  readonly wait?: number;
  readonly purge?: boolean;
}

export function destroyCommand(): Command {
  return removing("destroy", false)
    .option("--purge", "keep neither an archive nor the logs of operations")
    .addHelpText(
      "after",
      `${examples(["swarmctl destroy marketing-v1", "swarmctl destroy marketing-v1 --purge --yes"])}

Keeps an archive of the blueprint, the record and the states of agents, and the logs of operations; with --purge only the journal.`,
    );
}

export function downCommand(): Command {
  return removing("down", true).addHelpText(
    "after",
    `${examples(["swarmctl down marketing-v1 --yes"])}

The same as swarmctl destroy --purge: keeps neither an archive nor the logs of operations, only the journal.`,
  );
}

function removing(name: string, purges: boolean): Command {
  return withCluster(withWait(new Command(name)), { operand: true, embedded: false })
    .option("-y, --yes", "do not ask for confirmation")
    .option("--if-present", "succeed if the cluster does not exist")
    .action(async (_cluster: string | undefined, _options: DestroyOptions, command: Command) => {
      const options = command.optsWithGlobals<DestroyOptions>();
      const context = createContext(options);
      const named = namedCluster(command);
      try {
        const cluster = named ?? (await proposed(name, context, command));
        const purge = purges || (options.purge ?? false);
        await confirm(name, cluster, purge, options);
        // Live rows would overwrite the prompt.
        const on = { cluster, waitMs: options.wait ?? 0 };
        report(context, await showing(context, { verb: "operation", kind: "destroy", ...on, input: { purge } }));
        forgetCurrentCluster(context.settings.home, cluster);
      } catch (error) {
        if (!(options.ifPresent && error instanceof SwarmError && error.code === "SW605")) throw error;
        context.output.note(named === undefined ? "no cluster exists" : `no cluster ${named} exists`);
      }
    });
}

/** Without a name, a cluster is proposed to someone who can decline, and never chosen for a script. */
async function proposed(verb: string, context: Context, command: Command): Promise<string> {
  const cluster = await chooseCluster(context, command);
  const { yes, json } = command.optsWithGlobals<DestroyOptions>();
  if (!yes && !json && process.stdin.isTTY) return cluster;
  throw new SwarmError("SW801", `${verb} removes only a cluster that its arguments name`, {
    hints: [`swarmctl ${verb} ${cluster}${yes ? " --yes" : ""}`],
    values: { cluster },
  });
}

async function confirm(command: string, cluster: string, purge: boolean, options: DestroyOptions): Promise<void> {
  if (options.yes) return;
  const state = purge ? " with its agents' state" : "";
  if (!process.stdin.isTTY || options.json) {
    throw new SwarmError("SW801", `${command} removes cluster ${cluster}${state} and needs a confirmation: --yes`);
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`Remove cluster ${cluster}${state}? Type its name to confirm: `);
  prompt.close();
  if (answer.trim() !== cluster) throw new SwarmError("SW801", "the name does not match; nothing was removed");
}
