import { Command } from "commander";
import { chooseCluster, createContext, type GlobalOptions } from "../context.ts";
import { examples } from "../examples.ts";
import { report, showing, withWait } from "../lifecycle.ts";

interface WaitOptions extends GlobalOptions {
  readonly wait?: number;
}

export function hibernateCommand(): Command {
  return command("hibernate").addHelpText(
    "after",
    `${examples(["swarmctl hibernate marketing-v1"])}

All or nothing: if the state of one agent cannot be saved, all agents resume work. Restart the cluster with swarmctl reactivate.`,
  );
}

export function reactivateCommand(): Command {
  return command("reactivate").addHelpText("after", examples(["swarmctl reactivate marketing-v1"]));
}

function command(verb: "hibernate" | "reactivate"): Command {
  return withWait(new Command(verb))
    .argument("[cluster]", "name of a cluster (default: the only one)")
    .action(async (named: string | undefined, _options: WaitOptions, command: Command) => {
      const options = command.optsWithGlobals<WaitOptions>();
      const context = createContext(options);
      const cluster = await chooseCluster(context, named);
      const waitMs = options.wait ?? 0;
      report(context, await showing(context, { verb: "operation", kind: verb, cluster, waitMs, input: {} }));
    });
}
