import { Command } from "commander";
import { SwarmError } from "../../errors.ts";
import { listNamed } from "../../lifecycle/records/cluster-names.ts";
import { parseEmbeddedName } from "../../stacks/embedded.ts";
import { decideNamed } from "../choose-cluster.ts";
import { namedCluster, withCluster } from "../cluster-option.ts";
import { type Context, createReadingContext, type GlobalOptions } from "../context.ts";
import { forgetCurrentCluster, writeCurrentCluster } from "../current-cluster.ts";
import { examples } from "../examples.ts";

interface UseOptions extends GlobalOptions {
  readonly none?: boolean;
}

export function useCommand(): Command {
  return withCluster(new Command("use"), { operand: true, embedded: true, selects: "the cluster" })
    .option("--none", "forget the choice")
    .addHelpText(
      "after",
      `${examples(["swarmctl use marketing-v1", "swarmctl use    # shows it", "swarmctl use --none"])}

Kept in SWARM_HOME. --cluster and SWARM_CLUSTER come first; destroy and down never remove a cluster that they do not name.`,
    )
    .action(async (_cluster: string | undefined, _options: UseOptions, command: Command) => {
      const options = command.optsWithGlobals<UseOptions>();
      const context = createReadingContext(options);
      const { output, settings } = context;
      const named = namedCluster(command);
      if (options.none && named !== undefined) throw new SwarmError("SW801", `--none excludes the cluster ${named}`);
      if (options.none) forgetCurrentCluster(settings.home);
      if (named !== undefined) writeCurrentCluster(settings.home, await existing(context, named));
      const cluster = named ?? decideNamed(context, undefined);
      output.result({ cluster: cluster ?? null }, () => cluster ?? "no cluster is chosen: swarmctl use CLUSTER");
      const { SWARM_CLUSTER: variable } = settings.env;
      if (named !== undefined && variable && variable !== named) {
        output.note(`SWARM_CLUSTER=${variable} comes first in this shell`);
      }
    });
}

/** @throws SwarmError SW605 when there is no such cluster */
async function existing({ settings, engine }: Context, name: string): Promise<string> {
  if (parseEmbeddedName(name) !== undefined) return name;
  const clusters = (await listNamed(settings, engine)).map(({ cluster }) => cluster);
  if (clusters.includes(name)) return name;
  throw new SwarmError("SW605", `there is no cluster ${name} (clusters: ${clusters.join(", ") || "none"})`);
}
