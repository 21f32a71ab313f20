import { Command, Option } from "commander";
import { SwarmError } from "../../errors.ts";
import { refuseOtherFolder } from "../../lifecycle/operations/refuse-other-folder.ts";
import { resolveCluster } from "../../lifecycle/records/cluster-names.ts";
import { listRows } from "../../lifecycle/records/journal.ts";
import { type EngineRunRequest, hasChanges } from "../../stacks/engine-run.ts";
import type { PropertyChange } from "../../stacks/property-changes.ts";
import { startEngineRun } from "../../stacks/start-engine-run.ts";
import type { Cluster } from "../../store/clusters.ts";
import { noteAutoscaler } from "../autoscale/note.ts";
import { type Context, createContext } from "../context.ts";
import { examples } from "../examples.ts";
import { summarise } from "../output.ts";
import { planMarkdown } from "../plan/markdown.ts";
import { kindOf, type PlannedStep, PlannedSteps } from "../plan/step.ts";
import { table } from "../table.ts";
import { type UpOptions, type UpRequest, upRequest, withUpOptions } from "./up.ts";

export interface PlanOptions extends UpOptions {
  readonly markdown?: boolean;
}

const signs = { create: "+", update: "~", replace: "±", delete: "-" } as const;
const changesExit = 2;

export function planCommand(): Command {
  return withMarkdown(withUpOptions(new Command("plan")))
    .addHelpText(
      "after",
      examples([
        "swarmctl plan blueprints/marketing.yaml",
        "swarmctl plan team.yaml --json | jq .changes",
        "swarmctl plan team.yaml --markdown > plan.md    # for a pull request",
      ]),
    )
    .action(async (file: string, _options: PlanOptions, command: Command) => {
      const options = command.optsWithGlobals<PlanOptions>();
      const context = createContext(options);
      const asked = await upRequest(context, "preview", file, options);
      if (!options.take) await refuseOtherBlueprint(context, asked);
      await runPlan(context, asked.request, options);
      await noteAutoscaler(context, asked);
    });
}

/** Refuses what `up` refuses: the blueprint of another folder. @throws SwarmError SW607 */
async function refuseOtherBlueprint(
  { settings }: Context,
  { request: { cluster, source } }: Pick<UpRequest, "request">,
): Promise<void> {
  const rows = await listRows(settings).catch((error: unknown) => {
    // A shared backend without a journal: `up` refuses it for that reason.
    if (error instanceof SwarmError && error.code === "SW609") return new Map<string, Cluster>();
    throw error;
  });
  const row = rows.get(cluster);
  if (row !== undefined) refuseOtherFolder(row, source);
}

/** Adds the `--markdown` option of plans. */
export function withMarkdown(command: Command): Command {
  return command.addOption(new Option("--markdown", "print a summary for a pull request comment").conflicts("json"));
}

/** Shows a plan and sets the exit status by whether it has changes. */
export async function runPlan(context: Context, asked: EngineRunRequest, options: PlanOptions): Promise<void> {
  const { output, settings, signal } = context;
  const { cluster } = asked;
  const request = { ...asked, cluster: (await resolveCluster(settings, cluster)).stack };
  const engine = await context.engine();
  const steps = new PlannedSteps();
  const result = await startEngineRun(request, {
    settings,
    engine,
    signal,
    onEvent(event) {
      steps.hear(event);
      if (event.type === "message" && event.severity !== "info") output.note(event.text);
    },
  });
  const changed = steps.list();
  const summary = hasChanges(result.changes) ? summarise(result.changes, "future") : "no change";
  output.result(
    { ...result, cluster, steps: changed.map(({ resource, ...step }) => ({ ...resource, ...step })) },
    () =>
      options.markdown
        ? planMarkdown({ cluster, summary, steps: changed }).trimEnd()
        : [...(changed.length === 0 ? [] : [rows(changed), ""]), `${cluster}: ${summary}`].join("\n"),
  );
  process.exitCode = hasChanges(result.changes) ? changesExit : 0;
}

function rows(steps: readonly PlannedStep[]): string {
  return table(
    ["", "RESOURCE", "KIND", "CHANGES"],
    steps.map(({ op, resource, changes, drift }) => [
      signs[op],
      resource.name,
      kindOf(resource.type),
      changes.length === 0 && op === "update" ? `not as recorded: ${spell(drift) || "to repair"}` : spell(changes),
    ]),
  );
}

function spell(changes: readonly PropertyChange[]): string {
  return changes
    .map((change) => `${change.path} ${JSON.stringify(change.old)} -> ${JSON.stringify(change.new)}`)
    .join(", ");
}
