import { Command, Option } from "commander";
import type { TargetKind } from "../../blueprint/model.ts";
import { requireTargetPackages } from "../../components/target-packages.ts";
import { SwarmError } from "../../errors.ts";
import { estimateMove, type MoveEstimate } from "../../lifecycle/estimate-move.ts";
import { defaultCoolDownMs } from "../../lifecycle/migration/preconditions.ts";
import { whereItWas } from "../../lifecycle/records/journal.ts";
import { type Context, chooseCluster, createContext, type GlobalOptions, requireEngine } from "../context.ts";
import { parseDuration } from "../durations.ts";
import { report, showing, withWait } from "../lifecycle.ts";
import { duration, summarise, table } from "../output.ts";
import { examples } from "./up.ts";

const targets = ["local", "docker", "kubernetes"] as const satisfies readonly TargetKind[];

interface MigrateOptions extends GlobalOptions {
  readonly to?: (typeof targets)[number];
  readonly context?: string;
  readonly back?: boolean;
  readonly dryRun?: boolean;
  readonly coolDown: number;
  readonly wait?: number;
}

export function migrateCommand(): Command {
  return withWait(new Command("migrate"))
    .description("move a cluster to another target, with all that its agents know and all their tasks")
    .argument("[cluster]", "name of a cluster (default: the only one)")
    .addOption(new Option("--to <target>", "where it is to run").choices(targets))
    .option("--context <context>", "of the kubeconfig, or of the docker command (default: the current one)")
    .option("--back", "to where it was before it moved last: the undo of a migration is another one")
    .option("--dry-run", "say what would be moved, and how long it would take; exit status 2")
    .option(
      "--cool-down <duration>",
      "how long a cluster that has moved stays where it is (default: 10m; 0s: not at all)",
      parseDuration,
      defaultCoolDownMs,
    )
    .addHelpText(
      "after",
      `${examples([
        "swarmctl migrate team --to docker",
        "swarmctl migrate team --to kubernetes --context prod-eu --dry-run",
        "swarmctl migrate team --back",
      ])}

What runs there starts beside what runs here, and waits; then the agents here drain, their states, tasks and memory are carried
over and read back, and they go on there. No two copies of an agent work at the same time. Until that moment a failure, or
${"`swarmctl ops cancel`"}, takes everything back; after it \`swarmctl ops resume\` goes on.`,
    )
    .action(async (named: string | undefined, _options: MigrateOptions, command: Command) => {
      const options = command.optsWithGlobals<MigrateOptions>();
      const context = createContext(options);
      const cluster = await chooseCluster(context, named);
      const to = await destinationOf(context, cluster, options);
      requireTargetPackages(to.target);
      const { coolDown: coolDownMs, wait: waitMs = 0 } = options;
      if (options.dryRun) return await showEstimate(context, cluster, { to, coolDownMs });
      report(
        context,
        await showing(context, { verb: "operation", kind: "migrate", cluster, waitMs, input: { to, coolDownMs } }),
      );
    });
}

type Destination = { readonly target: TargetKind; readonly context: string | undefined };

async function destinationOf(
  { settings }: Context,
  cluster: string,
  { to, context, back }: MigrateOptions,
): Promise<Destination> {
  if (to !== undefined && !back) return { target: to, context };
  if (to === undefined && context === undefined && back) return await whereItWas(settings, cluster);
  throw new SwarmError("SW801", "move it where? Give --to TARGET, or --back alone", {
    hints: [`targets: ${targets.join(", ")}`],
  });
}

const changesExit = 2;

async function showEstimate(
  context: Context,
  cluster: string,
  move: { readonly to: Destination; readonly coolDownMs: number },
): Promise<void> {
  const { output, settings, signal } = context;
  const engine = await requireEngine(context);
  const estimate = await estimateMove({ settings, engine, signal }, cluster, move);
  output.result(estimate, () => describe(estimate));
  process.exitCode = changesExit;
}

function describe({
  cluster,
  from,
  to,
  instances,
  states,
  stateBytes,
  tasks,
  memory,
  creates,
  durationMs,
}: MoveEstimate) {
  const took = durationMs === undefined ? "not known: none has been moved yet" : `about ${duration(durationMs)}`;
  return table(
    ["", ""],
    [
      ["cluster", cluster],
      ["from", from],
      ["to", to],
      ["instances", instances],
      ["states", `${states}, ${(stateBytes / 1024 / 1024).toFixed(1)} MiB`],
      ["tasks", tasks],
      ["memory", `${memory} keys`],
      ["there", summarise(creates, "future")],
      ["duration", took],
    ],
  );
}
