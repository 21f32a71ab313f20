import { Command, Option } from "commander";
import { type TargetKind, targetKinds } from "../../blueprint/model.ts";
import { requireTargetPackages } from "../../components/target-packages.ts";
import { SwarmError } from "../../errors.ts";
import { estimateMove, type MoveEstimate } from "../../lifecycle/estimate-move.ts";
import { defaultCoolDownMs } from "../../lifecycle/migration/preconditions.ts";
import { whereItWas } from "../../lifecycle/records/journal.ts";
import { targets } from "../../targets/targets.ts";
import { chooseCluster } from "../choose-cluster.ts";
import { type ClusterOptions, withCluster } from "../cluster-option.ts";
import { type Context, createContext } from "../context.ts";
import { parseDuration } from "../durations.ts";
import { examples } from "../examples.ts";
import { report, showing, withWait } from "../lifecycle.ts";
import { duration, summarise } from "../output.ts";
import { table } from "../table.ts";

const destinations = targetKinds.filter((kind) => targets[kind].migrates);

interface MigrateOptions extends ClusterOptions {
  readonly to?: TargetKind;
  readonly context?: string;
  readonly back?: boolean;
  readonly dryRun?: boolean;
  readonly coolDown: number;
  readonly wait?: number;
}

export function migrateCommand(): Command {
  return withCluster(withWait(new Command("migrate")), { operand: true, embedded: false })
    .addOption(new Option("--to <target>", "destination target").choices(destinations))
    .option("--context <context>", "kubeconfig or Docker context of the destination (default: the current one)")
    .option("--back", "migrate back to the previous target")
    .option("--dry-run", "show what would be migrated and the estimated duration; exit status 2")
    .addOption(
      new Option("--cool-down <duration>", "minimum time since the last migration; 0s disables")
        .argParser(parseDuration)
        .default(defaultCoolDownMs, "10m"),
    )
    .addHelpText(
      "after",
      `${examples([
        "swarmctl migrate team --to docker",
        "swarmctl migrate team --to kubernetes --context prod-eu --dry-run",
        "swarmctl migrate team --back",
      ])}

The destination starts behind a write fence while the source still works. The source then drains; states, tasks and memory are copied
and verified, and the destination takes over. Two copies of an agent never work at the same time. Before the takeover a failure or
${"`swarmctl ops cancel`"} rolls the migration back; afterwards complete it with \`swarmctl ops resume\`.`,
    )
    .action(async (_cluster: string | undefined, _options: MigrateOptions, command: Command) => {
      const options = command.optsWithGlobals<MigrateOptions>();
      const context = createContext(options);
      const cluster = await chooseCluster(context, command);
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
  throw new SwarmError("SW801", "no destination given: use either --to TARGET or --back", {
    hints: [`targets: ${destinations.join(", ")}`],
  });
}

const changesExit = 2;

async function showEstimate(
  context: Context,
  cluster: string,
  move: { readonly to: Destination; readonly coolDownMs: number },
): Promise<void> {
  const { output, settings, signal } = context;
  const engine = await context.engine();
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
  const took =
    durationMs === undefined ? "unknown: no migration has been recorded yet" : `about ${duration(durationMs)}`;
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
      ["destination", summarise(creates, "future")],
      ["duration", took],
    ],
  );
}
