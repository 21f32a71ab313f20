import { Command } from "commander";
import { SwarmError } from "../../errors.ts";
import { listNamed } from "../../lifecycle/records/cluster-names.ts";
import { listRows } from "../../lifecycle/records/journal.ts";
import { chooseCluster } from "../choose-cluster.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { confirm as confirmed } from "../confirm.ts";
import { type Context, createContext } from "../context.ts";
import { forgetCurrentCluster } from "../current-cluster.ts";
import { removedText, removeEach } from "../destroy-all.ts";
import { examples } from "../examples.ts";
import { report, showing, withWait } from "../lifecycle.ts";

interface DestroyOptions extends ClusterOptions {
  readonly yes?: boolean;
  readonly ifPresent?: boolean;
  readonly wait?: number;
  readonly purge?: boolean;
  readonly all?: boolean;
}

export function destroyCommand(): Command {
  return removing("destroy", false)
    .option("--purge", "keep neither an archive nor the logs of operations")
    .addHelpText(
      "after",
      `${examples(["swarmctl destroy marketing-v1", "swarmctl destroy marketing-v1 --purge --yes", "swarmctl destroy --all"])}

Keeps an archive of the blueprint, the record and the states of agents, and the logs of operations; with --purge only the journal.`,
    );
}

export function downCommand(): Command {
  return removing("down", true).addHelpText(
    "after",
    `${examples(["swarmctl down marketing-v1 --yes", "swarmctl down --all"])}

The same as swarmctl destroy --purge: keeps neither an archive nor the logs of operations, only the journal.`,
  );
}

function removing(name: string, purges: boolean): Command {
  return withCluster(withWait(new Command(name)), { operand: true, embedded: false })
    .option("-y, --yes", "do not ask for confirmation")
    .option("--all", "remove all clusters of this installation; goes on after a failure, and exits with 1 at the end")
    .option("--if-present", "succeed if the cluster does not exist")
    .action(async (_cluster: string | undefined, _options: DestroyOptions, command: Command) => {
      const options = command.optsWithGlobals<DestroyOptions>();
      const context = createContext(options);
      const named = namedCluster(command);
      if (options.all)
        return await removeAll(name, context, named, { ...options, purge: purges || options.purge === true });
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

/** @throws SwarmError SW801 when a cluster is named too, or without a confirmation */
async function removeAll(
  verb: string,
  context: Context,
  named: string | undefined,
  { purge = false, wait = 0, yes, json }: DestroyOptions,
): Promise<void> {
  if (named !== undefined) throw new SwarmError("SW801", `${verb} --all and the cluster ${named} exclude each other`);
  const { output, settings, engine } = context;
  const stacks = (await listNamed(settings, engine)).map(({ cluster }) => cluster);
  // A cluster whose first update failed may have no stack.
  const clusters = [...new Set([...stacks, ...(await listRows(settings)).keys()])].sort();
  if (clusters.length > 0) {
    const count = clusters.length === 1 ? "1 cluster" : `${clusters.length} clusters`;
    const what = `${count}${purge ? " with the agents' states" : ""}: ${clusters.join(", ")}`;
    await confirmed(
      { does: `${verb} --all removes ${what};`, question: `Remove ${what}?`, answer: "all" },
      { yes, json },
    );
  }
  const all = await removeEach(
    clusters,
    (cluster) => showing(context, { verb: "operation", kind: "destroy", cluster, waitMs: wait, input: { purge } }),
    (cluster, result) => {
      if (result instanceof SwarmError) output.note(`${cluster}: ${result.code} ${result.message}`);
      else report(context, result);
    },
  );
  for (const cluster of all.removed) forgetCurrentCluster(settings.home, cluster);
  if (output.json) output.event({ type: "removed", ...all });
  else output.line(removedText(all));
  if (all.failed.length > 0 || all.left.length > 0) process.exitCode = 1;
}

async function confirm(command: string, cluster: string, purge: boolean, options: DestroyOptions): Promise<void> {
  const what = `cluster ${cluster}${purge ? " with its agents' state" : ""}`;
  await confirmed({ does: `${command} removes ${what}`, question: `Remove ${what}?`, answer: cluster }, options);
}
