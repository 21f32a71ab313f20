import { Command, Option } from "commander";
import { onTermination } from "../../platform/processes/hangup.ts";
import { readSettings } from "../../stacks/settings.ts";
import { defaultIntervalMs, parseInterval } from "../autoscale/interval.ts";
import { orchestratorNames, targetOf } from "../autoscale/orchestrator.ts";
import { autoscale } from "../autoscale/run.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { requireEngine } from "../context.ts";
import { examples } from "../examples.ts";
import { createOutput, duration } from "../output.ts";

interface AutoscalerOptions extends ClusterOptions {
  readonly orchestrator?: string;
  readonly interval?: number;
  readonly mode: "scale" | "advise";
  readonly once?: boolean;
  readonly untilDestroyed?: boolean;
}

/** Another name of the interval in the original's cluster system. */
const intervalAlias = "CLUSTER_AUTO_SCALE_INTERVAL";

export function autoscalerCommand(): Command {
  return withCluster(new Command("autoscaler"), { operand: true, embedded: false, selects: "scale only this cluster" })
    .addOption(
      new Option("--orchestrator <name>", "scale the clusters on this target (default: all)")
        .choices(orchestratorNames)
        .env("ORCHESTRATOR"),
    )
    .addOption(
      new Option("--interval <duration>", `how often to look; also in seconds, and as ${intervalAlias} (default: 30s)`)
        .env("CHECK_INTERVAL")
        .argParser(parseInterval),
    )
    .addOption(
      new Option("--mode <mode>", "advise: decide and show, write nothing")
        .choices(["scale", "advise"])
        .default("scale"),
    )
    .option("--once", "look once at each cluster, and exit")
    .option("--until-destroyed", "exit when the cluster of --cluster is destroyed")
    .addHelpText(
      "after",
      `${examples([
        "swarmctl autoscaler",
        "REDIS_URL=redis://127.0.0.1:6379 ORCHESTRATOR=kubernetes CHECK_INTERVAL=30 swarmctl autoscaler",
        "swarmctl autoscaler --mode advise --once --json",
      ])}

Looks at once when a task is added. Several autoscalers share the work: one writes the counts of a cluster, the others stand by. With
REDIS_URL the history is in the stream scaling:events. SIGTERM, SIGHUP or Ctrl-C ends it after the look that is under way.`,
    )
    .action(async (_cluster: string | undefined, _options: AutoscalerOptions, command: Command) => {
      const options = command.optsWithGlobals<AutoscalerOptions>();
      const output = createOutput(options.json ?? false);
      const settings = readSettings();
      const target = options.orchestrator === undefined ? undefined : targetOf(options.orchestrator);
      const alias = settings.env[intervalAlias];
      const intervalMs = options.interval ?? (alias ? parseInterval(alias) : defaultIntervalMs);
      const { signal } = stopSignal();
      if (options.once !== true) {
        output.note(
          `scaling ${target === undefined ? "all targets" : `target ${target}`} every ${duration(intervalMs)}`,
        );
      }
      await autoscale(
        {
          ...{ output, settings, target, intervalMs, cluster: namedCluster(command), mode: options.mode },
          engine: () => requireEngine({ output, settings, signal }),
          once: options.once === true,
          untilDestroyed: options.untilDestroyed === true,
        },
        signal,
      );
    });
}

/** Aborted by Ctrl-C, SIGTERM and SIGHUP; a second one exits. */
function stopSignal(): AbortController {
  const stop = new AbortController();
  const hear = () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on("SIGINT", hear);
  onTermination(hear);
  return stop;
}
