import { Command } from "commander";
import { addTask } from "../../drivers/control/task-calls.ts";
import type { Driver } from "../../drivers/driver.ts";
import { startDetached } from "../autoscale/start-detached.ts";
import { processOf } from "../autoscale/status.ts";
import { agentRows, withDriver } from "../clusters.ts";
import { type Context, createContext, type GlobalOptions } from "../context.ts";
import { examples } from "../examples.ts";
import { report } from "../lifecycle.ts";
import { agentTable } from "./agents.ts";
import { finished } from "./task.ts";
import { runUp } from "./up.ts";

const blueprint = "marketing";
const answerMs = 30_000;

export function quickstartCommand(): Command {
  return new Command("quickstart")
    .addHelpText("after", examples(["swarmctl quickstart"]))
    .action(async (_options: GlobalOptions, command: Command) => {
      const context = createContext(command.optsWithGlobals<GlobalOptions>());
      const { output } = context;
      const result = await runUp(context, blueprint, {});
      report(context, result);
      const rows = await withDriver(context, result.cluster, async (driver, cluster) => {
        const rows = agentRows(cluster, await driver.status(context.signal));
        if (output.json) output.event({ type: "agents", agents: rows });
        else output.result(rows, () => `\n${agentTable(rows)}\n`);
        await askForDraft(context, driver);
        return rows;
      });
      await startAutoscaler(context, result.cluster);
      const next: readonly (readonly [command: string, what: string])[] = [
        [`npx swarmctl up ${blueprint} --target-workers 5`, "more agents; the size is kept"],
        [
          "npx swarmctl task add 'a slogan' --capability copywriting --wait 30s",
          "a task for any agent with a capability",
        ],
        [
          `npx swarmctl task add '{"skill":"sleep","ms":5000}' --capability copywriting --count 30`,
          "more tasks than one agent does: the team grows, and shrinks again",
        ],
        ["npx swarmctl autoscale status", "its size, and why; --help: pause, force, why"],
        [`npx swarmctl logs ${rows.at(-1)?.instance ?? "INSTANCE"} --follow`, "the log of an agent"],
        ["npx swarmctl plan blueprints/marketing.yaml", "the effect of an edited blueprint"],
        ["npm run down", "stop and remove everything"],
      ];
      output.note(["Try next:", ...next.map(([command, what]) => `  ${command.padEnd(70)}  ${what}`)].join("\n"));
    });
}

const interval = "2s";

/** Starts the autoscaler of the team in the background; it ends when the cluster is destroyed. */
async function startAutoscaler({ output, settings, signal }: Context, cluster: string): Promise<void> {
  const started = await startDetached({ settings, cluster, interval, signal });
  if (output.json) output.event({ type: "autoscaler", holder: started?.holder ?? null });
  else if (started === undefined) output.note("no autoscaler started: swarmctl autoscaler shows why");
  else output.note(`The autoscaler is ${processOf(started.holder)}; its log: ${started.log}\n`);
}

/** Adds a first task for the capability copywriting and shows its result. */
async function askForDraft({ output, signal }: Context, driver: Driver): Promise<void> {
  const request = { selector: { capability: "copywriting" }, payload: { skill: "draft", text: "the spring campaign" } };
  const { id } = await addTask(driver, request, signal);
  output.note(`Task ${id} for the capability copywriting: a draft about the spring campaign`);
  const task = await finished(driver, id, { deadlineMs: answerMs, signal });
  if (output.json) output.event({ type: "task", task });
  else if (task.result === undefined) output.note(`no result yet; show it later: npx swarmctl task show ${id}\n`);
  else output.note(`${task.result.instance}: ${String(task.result.value)}\n`);
}
