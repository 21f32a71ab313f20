import { Command } from "commander";
import { type AgentRow, agentRows, viewCluster } from "../clusters.ts";
import { chooseCluster, createContext, type GlobalOptions, requireEngine } from "../context.ts";
import { duration, table } from "../output.ts";
import { examples } from "./up.ts";

export function agentsCommand(): Command {
  return new Command("agents")
    .description("the instances of a cluster, one a line")
    .argument("[cluster]", "name of a cluster (default: the only one)")
    .addHelpText("after", examples(["swarmctl agents", "swarmctl agents marketing-v1 --json"]))
    .action(async (named: string | undefined, _options: GlobalOptions, command: Command) => {
      const context = createContext(command.optsWithGlobals<GlobalOptions>());
      const engine = await requireEngine(context);
      const cluster = await chooseCluster(context, engine, named);
      const view = await viewCluster(context, engine, cluster);
      const rows = view === undefined ? [] : agentRows(view);
      if (view !== undefined && view.supervisor === undefined) {
        context.output.note(`the supervisor of ${cluster} does not run; bring it back: swarmctl up`);
      }
      context.output.result({ cluster, agents: rows, total: rows.length }, () => agentTable(rows));
    });
}

export function agentTable(rows: readonly AgentRow[], now = Date.now()): string {
  if (rows.length === 0) return "no agents";
  return table(
    ["INSTANCE", "AGENT", "ROLE", "STATE", "PID", "UP", "RESTARTS"],
    rows.map((row) => [
      row.instance,
      row.name,
      row.role,
      row.reason === undefined || row.state === "running" ? row.state : `${row.state}: ${row.reason.split("\n")[0]}`,
      row.pid ?? "-",
      row.startedAt === undefined ? "-" : duration(now - Date.parse(row.startedAt)),
      row.restarts,
    ]),
  );
}
