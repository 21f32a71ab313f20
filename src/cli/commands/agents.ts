import { setTimeout as delay } from "node:timers/promises";
import { Command } from "commander";
import { SwarmError } from "../../errors.ts";
import { findRow } from "../../lifecycle/records/journal.ts";
import { explainSilence } from "../../lifecycle/states.ts";
import { chooseCluster } from "../choose-cluster.ts";
import { type ClusterOptions, withCluster } from "../cluster-option.ts";
import { type AgentRow, agentRows, viewCluster } from "../clusters.ts";
import { type Context, createReadingContext } from "../context.ts";
import { examples } from "../examples.ts";
import { duration } from "../output.ts";
import { table } from "../table.ts";

interface AgentsOptions extends ClusterOptions {
  readonly watch?: boolean;
}

export function agentsCommand(): Command {
  return withCluster(new Command("agents"), { operand: true, embedded: true })
    .option("-w, --watch", "refresh every two seconds, until Ctrl-C")
    .addHelpText("after", examples(["swarmctl agents --watch", "swarmctl agents marketing-v1 --json"]))
    .action(async (_cluster: string | undefined, _options: AgentsOptions, command: Command) => {
      const options = command.optsWithGlobals<AgentsOptions>();
      const context = createReadingContext(options);
      const cluster = await chooseCluster(context, command);
      if (options.watch) return await watch(context, cluster);
      const view = await viewCluster(context, cluster);
      const rows = agentRows(cluster, view?.status);
      if (view !== undefined && view.status?.api === undefined) {
        const row = await findRow(context.settings, cluster).catch(() => undefined);
        const silence = new SwarmError("SW704", `the supervisor or agent server of ${cluster} is down`);
        const { message, hints } = row === undefined ? silence : explainSilence(row, silence);
        context.output.note([message, ...hints].join(": "));
      }
      context.output.result({ cluster, agents: rows, total: rows.length }, () => agentTable(rows));
    });
}

const watchMs = 2000;

/** Redraws the table in place; without a terminal, prints one table or JSON line after another. */
async function watch(context: Context, cluster: string): Promise<void> {
  const { output, signal } = context;
  // Loaded here: only a table that is drawn again needs it.
  const { createLogUpdate } = await import("log-update");
  const screen = output.live ? createLogUpdate(process.stdout) : undefined;
  while (!signal.aborted) {
    const view = await viewCluster(context, cluster);
    const rows = agentRows(cluster, view?.status);
    if (output.json) output.event({ cluster, agents: rows });
    else if (screen !== undefined) screen(agentTable(rows));
    else output.line(`${agentTable(rows)}\n`);
    await delay(watchMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Renders instances as a table. */
export function agentTable(rows: readonly AgentRow[], now = Date.now()): string {
  if (rows.length === 0) return "no agents";
  const where = rows.some(({ node }) => node !== undefined) ? "NODE" : "PID";
  return table(
    ["INSTANCE", "AGENT", "ROLE", "STATE", "TASKS", "CPU", "MEMORY", where, "UP", "RESTARTS"],
    rows.map((row) => [
      row.instance,
      row.name,
      row.role,
      stateOf(row),
      row.tasks,
      row.cpu === undefined ? "-" : `${Math.round(row.cpu * 100)}%`,
      row.memoryBytes === undefined ? "-" : `${Math.round(row.memoryBytes / 1024 / 1024)}Mi`,
      row.pid ?? row.node ?? "-",
      row.startedAt === undefined ? "-" : duration(now - Date.parse(row.startedAt)),
      row.restarts,
    ]),
    { drops: ["RESTARTS", "AGENT", where, "CPU", "MEMORY", "UP", "ROLE", "TASKS"] },
  );
}

/** The health of a running instance (idle, busy, ...), or the state and reason of any other. */
function stateOf({ state, health, reason }: AgentRow): string {
  if (state === "running") return health ?? state;
  return reason === undefined ? state : `${state}: ${reason.split("\n")[0]}`;
}
