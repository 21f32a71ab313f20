import { Command } from "commander";
import { chooseCluster } from "../choose-cluster.ts";
import { type ClusterOptions, withCluster } from "../cluster-option.ts";
import { createContext } from "../context.ts";
import { examples } from "../examples.ts";
import { report, showing, withWait } from "../lifecycle.ts";

interface WaitOptions extends ClusterOptions {
  readonly wait?: number;
  readonly acceptState?: boolean;
}

export function hibernateCommand(): Command {
  return command("hibernate").addHelpText(
    "after",
    `${examples(["swarmctl hibernate marketing-v1"])}

All or nothing: if the state of one agent cannot be saved, all agents resume work. Restart the cluster with swarmctl reactivate.`,
  );
}

export function reactivateCommand(): Command {
  return command("reactivate")
    .option("--accept-state", "accept states that differ from those at the hibernation")
    .addHelpText("after", examples(["swarmctl reactivate marketing-v1"]));
}

function command(verb: "hibernate" | "reactivate"): Command {
  return withCluster(withWait(new Command(verb)), { operand: true, embedded: false }).action(
    async (_cluster: string | undefined, _options: WaitOptions, command: Command) => {
      const options = command.optsWithGlobals<WaitOptions>();
      const context = createContext(options);
      const cluster = await chooseCluster(context, command);
      const waitMs = options.wait ?? 0;
      const input = options.acceptState ? { acceptState: true } : {};
      report(context, await showing(context, { verb: "operation", kind: verb, cluster, waitMs, input }));
    },
  );
}
