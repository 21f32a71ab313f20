import { Command } from "commander";
import { createLogUpdate } from "log-update";
import { pause } from "../../platform/wait.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { withDriver } from "../clusters.ts";
import { createContext } from "../context.ts";
import { parseDuration } from "../durations.ts";
import { examples } from "../examples.ts";
import { toTerminal } from "../output.ts";
import { topRows, topTable, topTotals } from "../top-rows.ts";

interface TopOptions extends ClusterOptions {
  readonly once?: boolean;
  readonly interval?: number;
}

const defaultMs = 2_000;

export function topCommand(): Command {
  return withCluster(new Command("top"), { operand: true, embedded: true })
    .option("--once", "print the usage once")
    .option("--interval <duration>", "time between two looks (default: 2s)", parseDuration)
    .addHelpText(
      "after",
      `${examples(["swarmctl top", "swarmctl top marketing-v1 --once", "swarmctl top --once --json"])}

CPU is in cores: 250m is a quarter of one. Processes and containers are measured on their machine, pods by the metrics API
(metrics.k8s.io) of their control plane; without a measurement an instance's own figures are marked with ~, and - is unknown.`,
    )
    .action(async (_cluster: string | undefined, _options: TopOptions, command: Command) => {
      const options = command.optsWithGlobals<TopOptions>();
      const context = createContext(options);
      const { output, signal } = context;
      const screen = output.live && process.stdout.isTTY ? createLogUpdate(process.stdout) : undefined;
      await withDriver(context, namedCluster(command), async (driver, cluster) => {
        // Without a terminal one look is what a script or a pipe expects.
        const isOnce = (options.once ?? false) || (screen === undefined && !output.json);
        do {
          const [status, usage] = await Promise.all([driver.status(signal), driver.usage(signal)]);
          const rows = topRows(status, usage);
          const found = { cluster, instances: rows, total: topTotals(rows) };
          if (isOnce) output.result(found, () => topTable(rows));
          else if (output.json) output.event(found);
          else screen?.(toTerminal(topTable(rows)));
          if (!isOnce) await pause(options.interval ?? defaultMs, signal);
        } while (!isOnce && !signal.aborted);
      });
    });
}
