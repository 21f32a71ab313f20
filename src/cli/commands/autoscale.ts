import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { Command } from "commander";
import { SwarmError } from "../../errors.ts";
import { presentClusters } from "../../lifecycle/records/cluster-repository.ts";
import { withRecords } from "../../lifecycle/records/with-records.ts";
import { type Inspection, inspect } from "../../scaling/autoscaler/inspect.ts";
import { openCluster } from "../../scaling/autoscaler/open-cluster.ts";
import { parseRecorded } from "../../scaling/autoscaler/trace.ts";
import type { AgentDecision } from "../../scaling/decide/decision.ts";
import { type Difference, type Recorded, replay } from "../../scaling/simulator/replay.ts";
import { RedisConnections } from "../../scaling/sources/redis/connections.ts";
import { rowOf } from "../autoscale/row.ts";
import { conditionLine, statusTable } from "../autoscale/status.ts";
import { decisionText, shownDecision } from "../autoscale/why.ts";
import { chooseCluster } from "../choose-cluster.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { createReadingContext, type GlobalOptions } from "../context.ts";
import { parseCount } from "../durations.ts";
import { examples } from "../examples.ts";
import { table } from "../table.ts";
import { forceCommand, pauseCommand, resumeCommand } from "./autoscale-control.ts";

/** Commands on the autoscaler and its decisions. */
export function autoscaleCommand(): Command {
  return new Command("autoscale")
    .addCommand(statusCommand())
    .addCommand(whyCommand())
    .addCommand(evalCommand())
    .addCommand(pauseCommand())
    .addCommand(resumeCommand())
    .addCommand(forceCommand());
}

function statusCommand(): Command {
  return withCluster(new Command("status").option("--json", "print JSON for scripts"), {
    ...{ operand: true, embedded: false, selects: "only this cluster" },
  })
    .description("show the counts of all agents that are scaled, and why they do not change")
    .addHelpText(
      "after",
      `${examples(["swarmctl autoscale status", "swarmctl autoscale status marketing-v1 --json"])}

Looks as the autoscaler would, and changes nothing. Each line below the table begins with a code of docs/autoscaling.md.`,
    )
    .action(async (_cluster: string | undefined, _options: ClusterOptions, command: Command) => {
      const context = createReadingContext(command.optsWithGlobals<ClusterOptions>());
      const { output, settings, signal, engine } = context;
      const named = namedCluster(command);
      const found = await withRecords(settings, async (store) => {
        const rows = named === undefined ? await presentClusters(store) : [await rowOf(store, named)];
        const connections = new RedisConnections();
        const open = (row: (typeof rows)[number]) => openCluster(row, { store, settings, engine, connections });
        const all: Inspection[] = [];
        try {
          for (const row of rows) {
            const one = await inspect(row, { store, open }, { now: Date.now(), signal });
            if (one !== undefined) all.push(one);
          }
        } finally {
          connections.close();
        }
        if (named !== undefined && all.length === 0) throw notScaled(named);
        return all;
      });
      output.result({ clusters: found, total: found.length }, () => statusTable(found));
      for (const condition of found.flatMap(({ conditions }) => conditions)) output.note(conditionLine(condition));
    });
}

function notScaled(cluster: string): SwarmError {
  return new SwarmError("SW652", `swarmstack scales no agent of cluster ${cluster}`, {
    hints: ["give an agent a range and the cluster rules: count: 0-5, scaling: { metric: task_queue_length }"],
  });
}

interface WhyOptions extends ClusterOptions {
  readonly agent?: string;
  readonly limit: number;
  readonly trace?: boolean;
}

function whyCommand(): Command {
  return withCluster(new Command("why").option("--json", "print JSON for scripts"), { operand: true, embedded: false })
    .description("show the last decisions on a cluster, newest first: signals, limits, and the reason that won")
    .option("--agent <key>", "only decisions on this agent")
    .option("--limit <n>", "maximum number", parseCount, 10)
    .option("--trace", "print the decisions with all their inputs, oldest first, for autoscale eval --replay")
    .addHelpText(
      "after",
      examples(["swarmctl autoscale why marketing-v1", "swarmctl autoscale why marketing-v1 --trace > trace.ndjson"]),
    )
    .action(async (_cluster: string | undefined, _options: WhyOptions, command: Command) => {
      const options = command.optsWithGlobals<WhyOptions>();
      const context = createReadingContext(options);
      const { output, settings } = context;
      const cluster = await chooseCluster(context, command);
      const { agent, limit } = options;
      const rows = await withRecords(settings, async (store) => {
        const { id } = await rowOf(store, cluster);
        return (await store.scalingDecisions.list(id, { limit })).items;
      });
      if (options.trace === true) {
        for (const { detail } of rows.toReversed()) output.event(detail);
        return;
      }
      const decisions = rows.flatMap((row) => shownDecision(row, agent) ?? []);
      output.result({ cluster, decisions }, () =>
        decisions.length === 0 ? `no decisions on ${cluster} are recorded` : decisions.map(decisionText).join("\n"),
      );
    });
}

interface EvalOptions extends GlobalOptions {
  readonly replay: string;
}

function evalCommand(): Command {
  return new Command("eval")
    .description("decide recorded decisions again, and show where this version decides differently")
    .requiredOption("--replay <file>", "trace of swarmctl autoscale why --trace (-: standard input)")
    .option("--json", "print JSON for scripts")
    .addHelpText("after", examples(["swarmctl autoscale eval --replay trace.ndjson"]))
    .action(async (_options: EvalOptions, command: Command) => {
      const options = command.optsWithGlobals<EvalOptions>();
      const { output } = createReadingContext(options);
      const recorded = await readTrace(options.replay);
      const different = replay(recorded);
      const decisions = recorded.reduce((sum, { agents }) => sum + Object.keys(agents).length, 0);
      const counts = { decisions, same: decisions - different.length };
      output.result({ ...counts, different }, () =>
        [
          `${counts.same} of ${counts.decisions} decisions are the same`,
          ...(different.length === 0 ? [] : ["", differences(different)]),
        ].join("\n"),
      );
      if (different.length > 0) process.exitCode = 1;
    });
}

/** @throws SwarmError SW651 for a line that is no decision, SW802 for a file that cannot be read */
async function readTrace(path: string): Promise<readonly Recorded[]> {
  const input = path === "-" ? process.stdin : createReadStream(path);
  const recorded: Recorded[] = [];
  try {
    let line = 0;
    for await (const text of createInterface({ input })) {
      line += 1;
      if (text.trim() !== "") recorded.push(parseRecorded(text, line));
    }
  } catch (error) {
    if (error instanceof SwarmError) throw error;
    throw new SwarmError("SW802", `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return recorded;
}

function differences(different: readonly Difference[]): string {
  return table(
    ["TIME", "AGENT", "RECORDED", "NOW", "WHY"],
    different.map(({ now, agent, recorded, replayed }) => [
      ...[new Date(now).toISOString(), agent, brief(recorded), brief(replayed)],
      replayed?.reason ?? "it is not scaled",
    ]),
    { drops: ["WHY"] },
  );
}

function brief(decision: AgentDecision | undefined): string {
  return decision === undefined ? "-" : `${decision.to ?? "-"} ${decision.code}`;
}
