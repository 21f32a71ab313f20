import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { loadBlueprint } from "../../blueprint/load.ts";
import { type TargetKind, targetKinds } from "../../blueprint/model.ts";
import { requireTargetPackages } from "../../components/target-packages.ts";
import type { Performed } from "../../lifecycle/lifecycle.ts";
import type { EngineRunRequest } from "../../stacks/engine-run.ts";
import { packageRoot } from "../../stacks/project.ts";
import { type Context, createContext, type GlobalOptions } from "../context.ts";
import { parseCount } from "../durations.ts";
import { report, showing, withWait } from "../lifecycle.ts";

export interface UpOptions extends GlobalOptions {
  readonly name?: string;
  readonly target?: TargetKind;
  readonly targetWorkers?: number;
  readonly take?: boolean;
  readonly wait?: number;
}

export function upCommand(): Command {
  return withUpOptions(new Command("up"))
    .description("start a cluster from a blueprint, or bring a running one in line with it")
    .addHelpText(
      "after",
      examples(["swarmctl up blueprints/marketing.yaml", "swarmctl up team.yaml --name q1 --target-workers 8"]),
    )
    .action(async (file: string, _options: UpOptions, command: Command) => {
      const options = command.optsWithGlobals<UpOptions>();
      const context = createContext(options);
      const result = await runUp(context, file, options);
      report(context, result);
    });
}

/** The options that `up` and `plan` share. */
export function withUpOptions(command: Command): Command {
  return withShape(
    withWait(command)
      .argument("<blueprint>", "the blueprint's file, or the name of one that ships (marketing)")
      .option("--name <name>", "name of the cluster (default: the blueprint's id)", parseName),
  );
}

/** The options of how large a cluster is, and where. */
export function withShape(command: Command): Command {
  return command
    .addOption(
      new Option("--target <target>", "where it runs, instead of the blueprint's own target").choices(targetKinds),
    )
    .option("--target-workers <n>", "how many instances in all", parseCount)
    .option("--take", "run this blueprint although the cluster runs another one");
}

/** Brings a cluster up and shows the way there. */
export async function runUp(context: Context, file: string, options: UpOptions): Promise<Performed> {
  const { cluster, blueprint, target, change = {}, waitMs = 0 } = await upRequest("up", file, options);
  return showing(context, {
    verb: "operation",
    kind: "spawn",
    cluster,
    waitMs,
    input: { file: blueprint, target, change },
  });
}

/** Validates everything that can be validated before the engine runs. */
export async function upRequest(
  kind: "up" | "preview",
  file: string,
  options: UpOptions,
): Promise<EngineRunRequest & { readonly blueprint: string }> {
  const path = blueprintPath(file);
  const blueprint = await loadBlueprint(path, { target: options.target });
  requireTargetPackages(blueprint.cluster.target.kind);
  return {
    kind,
    cluster: options.name ?? blueprint.metadata.id,
    blueprint: path,
    target: options.target,
    change: { targetWorkers: options.targetWorkers, replaceBlueprint: options.take },
    waitMs: options.wait ?? 0,
  };
}

/** A path as given, or the name of a blueprint that ships with the package. */
export function blueprintPath(file: string): string {
  const shipped = join(packageRoot, "blueprints", `${file}.yaml`);
  return !existsSync(file) && /^[\w-]+$/.test(file) && existsSync(shipped) ? shipped : resolve(file);
}

export function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;
}

/** A stack's name, and the beginning of every name of its resources. */
export function parseName(name: string): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(name) && !name.includes("--")) return name;
  throw new InvalidArgumentError(
    `"${name}" is not a name: at most 40 of a-z, 0-9 and single dashes, no dash at the ends`,
  );
}
