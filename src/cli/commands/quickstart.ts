import { Command } from "commander";
import { agentRows, viewCluster } from "../clusters.ts";
import { createContext, type GlobalOptions, requireEngine } from "../context.ts";
import { agentTable } from "./agents.ts";
import { examples, report, runUp } from "./up.ts";

const blueprint = "marketing";

export function quickstartCommand(): Command {
  return new Command("quickstart")
    .description("start the marketing blueprint on this machine and show its agents")
    .addHelpText("after", examples(["swarmctl quickstart"]))
    .action(async (_options: GlobalOptions, command: Command) => {
      const context = createContext(command.optsWithGlobals<GlobalOptions>());
      const { output } = context;
      const result = await runUp(context, blueprint, {});
      report(context, result);
      const view = await viewCluster(context, await requireEngine(context), result.cluster);
      const rows = view === undefined ? [] : agentRows(view);
      if (output.json) return output.event({ type: "agents", agents: rows });
      output.result(rows, () => `\n${agentTable(rows)}\n`);
      output.note(
        [
          "Try next:",
          `  npx swarmctl up ${blueprint} --target-workers 5    more agents; the wish is kept`,
          `  npx swarmctl logs ${rows.at(-1)?.instance ?? "INSTANCE"}              what an agent says`,
          "  npx swarmctl plan blueprints/marketing.yaml     what an edit would change",
          "  npm run down                                    stop and remove everything",
        ].join("\n"),
      );
    });
}
