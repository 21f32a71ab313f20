import { Command } from "commander";
import { gc } from "../../lifecycle/reconcile/gc.ts";
import type { ReconcileResult } from "../../lifecycle/reconcile/reconcile.ts";
import { createContext, type GlobalOptions } from "../context.ts";
import { examples } from "../examples.ts";
import { type EnginesOption, tellingSteps, withEngines } from "../reconciling.ts";
import { table } from "../table.ts";

interface GcOptions extends GlobalOptions, EnginesOption {
  readonly dryRun?: boolean;
}

export function gcCommand(): Command {
  return withEngines(new Command("gc"))
    .option("--dry-run", "show the actions without performing them; exit status 2 if there are any")
    .addHelpText(
      "after",
      `${examples(["swarmctl gc --dry-run", "*/10 * * * * swarmctl gc    # in a crontab, where no `swarmctl watch` runs"])}

A cluster that does not respond is not considered idle and is not changed.`,
    )
    .action(async (_options: GcOptions, command: Command) => {
      const options = command.optsWithGlobals<GcOptions>();
      const context = createContext(options);
      const { output, settings, signal } = context;
      const engine = await context.engine();
      const dryRun = options.dryRun ?? false;
      const clusters = await gc({
        ...{ settings, engine, signal, dryRun, engines: options.engines, now: Date.now },
        onEvent: tellingSteps(output),
      });
      output.result({ clusters, total: clusters.length }, () =>
        clusters.length === 0
          ? "no clusters"
          : table(["CLUSTER", "STATUS", dryRun ? "PLANNED" : "ACTION", "REASON", "NEXT"], clusters.map(describe)),
      );
      if (clusters.some(({ outcome }) => outcome === "failed")) process.exitCode = 1;
      else if (clusters.some(({ outcome }) => outcome === "left")) process.exitCode = 2;
    });
}

function describe({ cluster, status, action, reason, outcome, nextAt, error }: ReconcileResult): string[] {
  const did = { nothing: "-", left: action, done: action, busy: "-", failed: `${action}: failed` }[outcome];
  const why = error === undefined ? reason : `${reason}: ${error.message}`;
  return [cluster, status, did, why, nextAt === undefined ? "-" : new Date(nextAt).toISOString()];
}
