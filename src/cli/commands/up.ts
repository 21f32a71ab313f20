import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { type BlueprintSource, checkSource, readSource } from "../../blueprint/load.ts";
import { type Blueprint, type TargetKind, targetKinds } from "../../blueprint/model.ts";
import { isStream } from "../../blueprint/read-file.ts";
import { renderLine } from "../../blueprint/render/text.ts";
import { requireTargetPackages } from "../../components/target-packages.ts";
import type { Performed } from "../../lifecycle/lifecycle.ts";
import type { EngineRunRequest } from "../../stacks/engine-run.ts";
import { packageRoot } from "../../stacks/project.ts";
import { noteAutoscaler } from "../autoscale/note.ts";
import { type NewClusterOptions, newClusterName, withNewCluster } from "../cluster-option.ts";
import { type Context, createContext } from "../context.ts";
import { parseCount } from "../durations.ts";
import { examples } from "../examples.ts";
import { report, showing, withWait } from "../lifecycle.ts";

export interface UpOptions extends NewClusterOptions {
  readonly target?: TargetKind;
  readonly targetWorkers?: number;
  readonly take?: boolean;
  readonly wait?: number;
}

export function upCommand(): Command {
  return withUpOptions(new Command("up"))
    .addHelpText(
      "after",
      examples(["swarmctl up blueprints/marketing.yaml", "swarmctl up team.yaml --cluster q1 --target-workers 8"]),
    )
    .action(async (file: string, _options: UpOptions, command: Command) => {
      const options = command.optsWithGlobals<UpOptions>();
      const context = createContext(options);
      const asked = await upRequest(context, "up", file, options);
      report(context, await perform(context, asked.request));
      await noteAutoscaler(context, asked);
    });
}

/** Adds the options of `up` and `plan`. */
export function withUpOptions(command: Command): Command {
  return withShape(
    withNewCluster(
      withWait(command).argument(
        "<blueprint>",
        "file of a blueprint, - for standard input, or the name of a bundled one (marketing)",
      ),
      "name of the cluster (default: the blueprint's id)",
    ),
  );
}

/** Adds the options that select a cluster's target and size. */
export function withShape(command: Command): Command {
  return command
    .addOption(new Option("--target <target>", "target, instead of the blueprint's own").choices(targetKinds))
    .option("--target-workers <n>", "total number of instances", parseCount)
    .option("--take", "replace the blueprint that the cluster runs");
}

/** Creates or updates a cluster and shows its progress. */
export async function runUp(context: Context, file: string, options: UpOptions): Promise<Performed> {
  return perform(context, (await upRequest(context, "up", file, options)).request);
}

function perform(
  context: Context,
  { cluster, source, target, change = {}, waitMs = 0 }: UpRequest["request"],
): Promise<Performed> {
  return showing(context, {
    verb: "operation",
    kind: "spawn",
    cluster,
    waitMs,
    input: { source, target, change },
  });
}

export interface UpRequest {
  readonly request: EngineRunRequest & { readonly source: BlueprintSource };
  readonly blueprint: Blueprint;
}

/** Builds the engine request of a blueprint, after validating all that needs no engine. @throws SwarmError SW500, SW506, SW802 */
export async function upRequest(
  { output, signal }: Pick<Context, "output" | "signal">,
  kind: "up" | "preview",
  file: string,
  options: UpOptions,
): Promise<UpRequest> {
  const source = await readSource(blueprintPath(file), { signal });
  const { blueprint, warnings } = checkSource(source, { target: options.target });
  for (const warning of warnings) output.note(renderLine(file, warning));
  requireTargetPackages(blueprint.cluster.target.kind);
  const request = {
    kind,
    cluster: newClusterName(options) ?? blueprint.metadata.id,
    source,
    target: options.target,
    change: { targetWorkers: options.targetWorkers, replaceBlueprint: options.take },
    waitMs: options.wait ?? 0,
  };
  return { request, blueprint };
}

/** Resolves the path of a blueprint file, or the name of a bundled blueprint; `-` stays standard input. */
export function blueprintPath(file: string): string {
  if (isStream(file)) return file;
  const shipped = join(packageRoot, "blueprints", `${file}.yaml`);
  return !existsSync(file) && /^[\w-]+$/.test(file) && existsSync(shipped) ? shipped : resolve(file);
}
