import { Command } from "commander";
import { SwarmError } from "../../errors.ts";
import { readLifetime } from "../../lifecycle/reconcile/lifetime.ts";
import { listWatcherLeases } from "../../lifecycle/reconcile/watcher-lease.ts";
import { listRows } from "../../lifecycle/records/journal.ts";
import { type AutostopOptions, autostopOf, parseTime } from "../autostop.ts";
import { chooseResolved } from "../choose-cluster.ts";
import { type ClusterOptions, withCluster } from "../cluster-option.ts";
import { type Context, createContext } from "../context.ts";
import { parseDuration } from "../durations.ts";
import { examples } from "../examples.ts";
import { report, showing, withWait } from "../lifecycle.ts";
import { lifetimeWords } from "../lifetime-words.ts";
import { splitOperands } from "../operands.ts";

interface Options extends ClusterOptions, AutostopOptions {
  readonly wait?: number;
}

export function autostopCommand(): Command {
  return withCluster(withWait(new Command("autostop")), { operand: true, embedded: false })
    .argument("[mode]", "off: it does not hibernate by itself; reset: the rules of its blueprint apply again")
    .option("--idle <duration>", "hibernate after this time without activity (30m)", parseDuration)
    .option(
      "--at <time>",
      "hibernate once at this time (2026-12-01T18:00 in the local zone, or with Z or an offset)",
      parseTime,
    )
    .addHelpText(
      "after",
      `${examples([
        "swarmctl autostop marketing-v1 --idle 30m",
        "swarmctl autostop marketing-v1 --at 2126-12-01T18:00",
        "swarmctl autostop marketing-v1 off",
        "swarmctl autostop marketing-v1 reset",
        "swarmctl autostop marketing-v1        # shows what applies",
      ])}

Replaces idle_timeout and sleep of the blueprint until reset, also through updates; wake and ttl stay. swarmctl watch, or
swarmctl gc from cron, hibernates the cluster. A cluster that does not respond is not considered idle.`,
    )
    .action(async (first: string | undefined, second: string | undefined, _options: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const context = createContext(options);
      const isMode = (word: string) => word === "off" || word === "reset";
      const { cluster: named, other: mode } = splitOperands([first, second], options.cluster, isMode);
      const change = autostopOf(mode, options, Date.now());
      const { cluster } = await chooseResolved(context, named);
      if (change === undefined) return await show(context, cluster);
      const on = { cluster, waitMs: options.wait ?? 0 };
      report(
        context,
        await showing(context, { verb: "operation", kind: "autostop", ...on, input: { autostop: change } }),
      );
      const watchers = await listWatcherLeases(context.settings);
      if (change !== null && Object.keys(change).length > 0 && watchers.length === 0) {
        context.output.note("no reconciler runs: run swarmctl watch, or swarmctl gc from cron");
      }
    });
}

/** @throws SwarmError SW605 for a cluster that is not in the journal */
async function show({ settings, output }: Context, cluster: string): Promise<void> {
  const row = (await listRows(settings)).get(cluster);
  if (row === undefined) {
    throw new SwarmError("SW605", `no cluster ${cluster} is recorded`, { hints: ["list clusters: swarmctl status"] });
  }
  const lifetime = await readLifetime(row, Date.now());
  const watchers = (await listWatcherLeases(settings)).map(({ name }) => name);
  output.result({ cluster, autostop: lifetime?.autostop ?? null, lifetime: lifetime ?? null, watchers }, () =>
    lifetime === undefined ? `${cluster} does not hibernate by itself` : `${cluster} ${lifetimeWords(lifetime)}`,
  );
}
