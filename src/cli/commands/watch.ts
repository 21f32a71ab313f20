import { Command, Option } from "commander";
import { toSwarmError } from "../../errors.ts";
import type { ReconcileResult } from "../../lifecycle/reconcile/reconcile.ts";
import { watch } from "../../lifecycle/reconcile/watch.ts";
import { onTermination } from "../../platform/processes/hangup.ts";
import { requireOwnHome } from "../../stacks/home-folder.ts";
import { readSettings } from "../../stacks/settings.ts";
import { autoscale } from "../autoscale/run.ts";
import { type GlobalOptions, requireEngine } from "../context.ts";
import { parseDuration } from "../durations.ts";
import { examples } from "../examples.ts";
import { createOutput, type Output } from "../output.ts";
import { type EnginesOption, tellingSteps, withEngines } from "../reconciling.ts";

interface WatchOptions extends GlobalOptions, EnginesOption {
  readonly interval: number;
  readonly jitter: number;
}

const defaultMs = 30_000;

export function watchCommand(): Command {
  return withEngines(new Command("watch"))
    .addOption(
      new Option("--interval <duration>", "reconcile interval").argParser(parseDuration).default(defaultMs, "30s"),
    )
    .addOption(
      new Option("--jitter <duration>", "time over which simultaneous schedules are spread")
        .argParser(parseDuration)
        .default(defaultMs, "30s"),
    )
    .addHelpText(
      "after",
      `${examples(["swarmctl watch", "swarmctl watch --interval 1m --engines 4 --json"])}

Scales the clusters too, as swarmctl autoscaler does, unless one runs already. SIGTERM, SIGHUP or Ctrl-C starts no further operations and exits when the running ones end; a second signal stops those after their current step.`,
    )
    .action(async (_options: WatchOptions, command: Command) => {
      const { json = false, engines, interval, jitter } = command.optsWithGlobals<WatchOptions>();
      const output = createOutput(json);
      const { stop, signal } = twoSignals(output);
      const settings = readSettings();
      requireOwnHome(settings.home);
      const engine = await requireEngine({ output, settings, signal: stop });
      output.note(`watching; at most ${engines} engines at once`);
      const scaling = autoscale(
        {
          ...{ output, settings, target: undefined, cluster: undefined, mode: "scale", intervalMs: interval },
          engine: async () => engine,
        },
        stop,
      ).catch((error: unknown) => output.note(`no autoscaler: ${toSwarmError(error).message}`));
      await watch({
        ...{ settings, engine, signal, stop, engines, intervalMs: interval, jitterMs: jitter },
        ...{ now: Date.now, random: Math.random },
        onEvent: tellingSteps(output),
        onReconciled: (result) => tell(output, result),
        onNote: (text) => output.note(text),
      });
      await scaling;
    });
}

/** The first signal aborts `stop` (no further operations), the second one `signal` (stop after the current step). */
function twoSignals(output: Output): { readonly stop: AbortSignal; readonly signal: AbortSignal } {
  const stop = new AbortController();
  const end = new AbortController();
  const hear = () => {
    if (stop.signal.aborted) end.abort();
    else {
      output.note("stopping after the running operations; press Ctrl-C again to stop after their current step");
      stop.abort();
    }
  };
  process.on("SIGINT", hear);
  onTermination(hear);
  return { stop: stop.signal, signal: end.signal };
}

/** Reports actions and failures; omits clusters without an action. */
function tell(output: Output, result: ReconcileResult): void {
  const { cluster, action, reason, outcome, error } = result;
  if (outcome === "nothing") return;
  if (output.json) {
    output.event({ type: "attended", at: new Date().toISOString(), ...result });
    return;
  }
  const line = `${cluster}: ${action} ${outcome}: ${reason}`;
  output.note(error === undefined ? line : `${line}: ${error.code} ${error.message}`);
}
