import { Command, InvalidArgumentError, Option } from "commander";
import { type BlueprintSource, checkSource, readSource } from "../../blueprint/load.ts";
import type { TargetKind } from "../../blueprint/model.ts";
import { renderLine } from "../../blueprint/render/text.ts";
import { SwarmError } from "../../errors.ts";
import { listWatcherLeases } from "../../lifecycle/reconcile/watcher-lease.ts";
import { listRows } from "../../lifecycle/records/journal.ts";
import { parseName } from "../cluster-name.ts";
import { type NewClusterOptions, newClusterName, withNewCluster } from "../cluster-option.ts";
import { type Context, createContext, type GlobalOptions } from "../context.ts";
import { parseDuration } from "../durations.ts";
import { describeEnvironment, environmentHead, environmentRows } from "../environments/rows.ts";
import { deriveName } from "../environments/surroundings.ts";
import { examples } from "../examples.ts";
import { report, showing } from "../lifecycle.ts";
import { duration } from "../output.ts";
import { table } from "../table.ts";
import { type PlanOptions, runPlan, withMarkdown } from "./plan.ts";
import { blueprintPath, type UpOptions, upRequest, withShape } from "./up.ts";

interface DownOptions extends NewClusterOptions {
  readonly wait: number;
}

interface EnvUpOptions extends UpOptions {
  readonly ttl: number;
  readonly wait: number;
}

const hourMs = 3_600_000;
const longestTtlMs = 365 * 24 * hourMs;

/** Reads the blueprint once and prints its warnings, as up and plan do. @throws SwarmError SW500, SW802 */
async function readNoting(
  { output, signal }: Context,
  file: string | undefined,
  target: TargetKind | undefined,
): Promise<BlueprintSource | undefined> {
  if (file === undefined) return undefined;
  const source = await readSource(blueprintPath(file), { signal });
  for (const warning of checkSource(source, { target }).warnings) output.note(renderLine(file, warning));
  return source;
}

const naming = `
The default name is pr-N for a GitHub pull request, mr-N for a GitLab merge request, or a unique name derived from the branch.`;

/** Clusters with an expiry, for CI. */
export function envCommand(): Command {
  return new Command("env")
    .addCommand(upCommand())
    .addCommand(planCommand())
    .addCommand(listCommand())
    .addCommand(downCommand());
}

function upCommand(): Command {
  return withWait(withShape(withName(withBlueprint(new Command("up")))))
    .description("create or update an environment and renew its expiry")
    .addOption(
      new Option("--ttl <duration>", "time until it expires (30m, 4h, 2d)")
        .argParser(parseTtl)
        .default(4 * hourMs, "4h"),
    )
    .addHelpText(
      "after",
      `${examples(["swarmctl env up team.yaml", "swarmctl env up team.yaml --cluster pr-123 --ttl 4h"])}
${naming}

The command is idempotent. Without a blueprint it renews the expiry of a running environment. It reactivates a hibernated environment and
resumes the operation of a killed runner first. \`swarmctl gc\` or \`swarmctl watch\` destroys an expired environment and archives it.`,
    )
    .action(async (file: string | undefined, _options: EnvUpOptions, command: Command) => {
      const options = command.optsWithGlobals<EnvUpOptions>();
      const context = createContext(options);
      await runUp(context, file ?? context.settings.env.SWARM_BLUEPRINT, options);
    });
}

async function runUp(context: Context, file: string | undefined, options: EnvUpOptions): Promise<void> {
  const { output, settings } = context;
  const { target, targetWorkers, take, wait } = options;
  const name = newClusterName(options) ?? (await deriveName(settings.env));
  const until = Date.now() + options.ttl;
  const source = await readNoting(context, file, target);
  const result = await showing(context, {
    ...{ verb: "environment-up", cluster: name, source, target },
    ...{ change: { targetWorkers, replaceBlueprint: take }, until, waitMs: wait },
  });
  if (output.json) {
    output.event({ type: "result", name, until, ...result });
    return;
  }
  report(context, result);
  output.note(`expires at ${new Date(until).toISOString()}, in ${duration(until - Date.now())}`);
  const reconcilers = await listWatcherLeases(settings);
  if (reconcilers.length === 0)
    output.note("no reconciler will remove it: run swarmctl watch, or swarmctl gc from cron or CI");
}

function planCommand(): Command {
  return withMarkdown(withWait(withShape(withName(withBlueprint(new Command("plan"))))))
    .description("show what `env up` would change; exit status 0 no change, 2 changes, 1 error")
    .addHelpText("after", `${examples(["swarmctl env plan team.yaml --markdown > plan.md"])}\n${naming}`)
    .action(async (given: string | undefined, _options: PlanOptions, command: Command) => {
      const options = command.optsWithGlobals<PlanOptions>();
      const context = createContext(options);
      const { env } = context.settings;
      const file = given ?? env.SWARM_BLUEPRINT;
      if (file === undefined) throw new SwarmError("SW801", "no blueprint given: name its file or set SWARM_BLUEPRINT");
      const name = newClusterName(options) ?? (await deriveName(env));
      const { request } = await upRequest(context, "preview", file, { ...options, name, cluster: name });
      await runPlan(context, request, options);
    });
}

function listCommand(): Command {
  return withJson(new Command("list"))
    .description("list environments by expiry")
    .addHelpText("after", examples(["swarmctl env list", "swarmctl env list --json | jq -r '.environments[].name'"]))
    .action(async (_options: GlobalOptions, command: Command) => {
      const { output, settings } = createContext(command.optsWithGlobals<GlobalOptions>());
      const now = Date.now();
      const environments = environmentRows((await listRows(settings)).values(), now);
      output.result({ environments, total: environments.length }, () =>
        environments.length === 0
          ? "no environments; create one: swarmctl env up FILE --cluster NAME"
          : table(
              environmentHead,
              environments.map((row) => describeEnvironment(row, now)),
            ),
      );
    });
}

function downCommand(): Command {
  return withWait(withName(withJson(new Command("down"))))
    .description("remove an environment with its data; succeeds if it does not exist")
    .argument("[name]", "name of the environment, as --cluster", parseName)
    .addHelpText(
      "after",
      `${examples(["swarmctl env down pr-123", "swarmctl env down    # of this branch"])}
${naming}

Asks for no confirmation and keeps no archive. Rejects a cluster that is not an environment.`,
    )
    .action(async (given: string | undefined, _options: DownOptions, command: Command) => {
      const options = command.optsWithGlobals<DownOptions>();
      const context = createContext(options);
      const name = given ?? newClusterName(options) ?? (await deriveName(context.settings.env));
      await runDown(context, name, options.wait);
    });
}

async function runDown(context: Context, name: string, waitMs: number): Promise<void> {
  const { output } = context;
  try {
    const result = await showing(context, { verb: "environment-down", cluster: name, waitMs });
    if (output.json) output.event({ type: "result", name, ...result });
    else report(context, result);
  } catch (error) {
    if (!(error instanceof SwarmError && error.code === "SW605")) throw error;
    output.note(`no environment ${name} exists`);
    if (output.json) output.event({ type: "result", name, status: "DESTROYED", changes: {}, durationMs: 0 });
  }
}

function withBlueprint(command: Command): Command {
  return withJson(command).argument("[blueprint]", "the blueprint's file (default: $SWARM_BLUEPRINT)");
}

function withName(command: Command): Command {
  return withNewCluster(command, "name of the environment (default: derived from the branch)");
}

/** Waits by default: CI often starts a second run on a branch before the first has ended. */
function withWait(command: Command): Command {
  return command.addOption(
    new Option("--wait <duration>", "how long to wait for another operation on this environment")
      .argParser(parseDuration)
      .default(300_000, "5m"),
  );
}

function withJson(command: Command): Command {
  return command.option("--json", "print JSON for scripts");
}

function parseTtl(text: string): number {
  const ttlMs = parseDuration(text);
  if (ttlMs > 0 && ttlMs <= longestTtlMs) return ttlMs;
  throw new InvalidArgumentError(`"${text}" is not between 1s and 365d`);
}
