import { Command, Option } from "commander";
import { purgeTasks } from "../../drivers/control/task-calls.ts";
import { SwarmError } from "../../errors.ts";
import { purgeableStates } from "../../tasks/purge.ts";
import { selectorWord } from "../../tasks/selector.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { withDriver } from "../clusters.ts";
import { confirm } from "../confirm.ts";
import { createContext } from "../context.ts";
import { parseDuration } from "../durations.ts";
import { examples } from "../examples.ts";

interface PurgeOptions extends ClusterOptions {
  readonly state?: readonly (typeof purgeableStates)[number][];
  readonly agent?: string;
  readonly role?: string;
  readonly capability?: string;
  readonly olderThan?: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export function taskPurgeCommand(): Command {
  return withCluster(new Command("purge"), { operand: true, embedded: true })
    .description("delete tasks by state, agent and age; tasks at work stay")
    .addOption(
      new Option("--state <state...>", "states of the tasks (default: done, dead and cancelled)").choices(
        purgeableStates,
      ),
    )
    .option("--agent <key>", "only tasks for this agent")
    .option("--role <role>", "only tasks for this role")
    .option("--capability <name>", "only tasks for this capability")
    .option(
      "--older-than <age>",
      "only tasks that ended, or were added if they have not, longer ago (12h, 7d)",
      parseDuration,
    )
    .option("--dry-run", "show how many tasks would be deleted")
    .option("-y, --yes", "do not ask for confirmation")
    .option("--json", "print JSON for scripts")
    .addHelpText(
      "after",
      `${examples([
        "swarmctl task purge --dry-run",
        "swarmctl task purge --state dead --agent content-creator --yes",
        "swarmctl task purge --state waiting --older-than 1d",
      ])}

A deleted task is forgotten with its result and its idempotency key. Stop a task that is at work: swarmctl task cancel.`,
    )
    .action(async (_cluster: string | undefined, _options: PurgeOptions, command: Command) => {
      const options = command.optsWithGlobals<PurgeOptions>();
      const context = createContext(options);
      const { output, signal } = context;
      await withDriver(context, namedCluster(command), async (driver, cluster) => {
        const filter = filterOf(options, Date.now());
        const { purged: found } = await purgeTasks(driver, filter, true, signal);
        const tasks = `${found} ${found === 1 ? "task" : "tasks"} of ${cluster} (${filter.states.join(", ")})`;
        if (options.dryRun || found === 0) {
          output.result({ cluster, purged: 0, leased: 0, found }, () => `${tasks} to delete`);
          return;
        }
        const question = `Delete ${tasks}?`;
        await confirm({ does: `task purge deletes ${tasks}`, question, answer: "yes" }, options);
        const result = await purgeTasks(driver, filter, false, signal);
        output.result(
          { cluster, ...result, found },
          () => `${result.purged} deleted${result.leased === 0 ? "" : `, ${result.leased} stay: they are at work now`}`,
        );
      });
    });
}

function filterOf({ state, agent, role, capability, olderThan }: PurgeOptions, now: number) {
  const selectors = [
    ...(agent === undefined ? [] : [{ agent }]),
    ...(role === undefined ? [] : [{ role }]),
    ...(capability === undefined ? [] : [{ capability }]),
  ];
  const [selector, ...others] = selectors;
  if (others.length > 0) throw new SwarmError("SW801", "at most one of --agent, --role and --capability is possible");
  return {
    states: [...(state ?? (["done", "dead", "cancelled"] as const))],
    ...(selector !== undefined && { selector: selectorWord(selector) }),
    ...(olderThan !== undefined && { before: now - olderThan }),
  };
}
