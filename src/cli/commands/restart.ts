import { Command, InvalidArgumentError } from "commander";
import { chooseResolved } from "../choose-cluster.ts";
import { type ClusterOptions, withCluster } from "../cluster-option.ts";
import { createContext } from "../context.ts";
import { parseCount } from "../durations.ts";
import { examples } from "../examples.ts";
import { report, showing, withWait } from "../lifecycle.ts";
import { splitOperands } from "../operands.ts";

interface RestartOptions extends ClusterOptions {
  readonly wait?: number;
  readonly parallel: number;
}

export function restartCommand(): Command {
  return withCluster(withWait(new Command("restart")), { operand: true, embedded: false })
    .argument("[name]", "only this agent or instance")
    .option("--parallel <n>", "how many instances may be down at once", parseParallel, 1)
    .addHelpText(
      "after",
      `${examples(["swarmctl restart marketing-v1", "swarmctl restart marketing-v1 content-creator", "swarmctl restart marketing-v1 content-creator-0"])}

Each instance finishes its tasks, saves its state, stops, and starts again with it. If one does not come back, the restart ends, and
the others are not touched. swarmctl ops shows and resumes an interrupted restart.`,
    )
    .action(
      async (first: string | undefined, second: string | undefined, _options: RestartOptions, command: Command) => {
        const options = command.optsWithGlobals<RestartOptions>();
        const context = createContext(options);
        const { cluster: named, other: only } = splitOperands([first, second], options.cluster);
        const { cluster } = await chooseResolved(context, named);
        const input = { parallel: options.parallel, ...(only !== undefined && { only }) };
        report(
          context,
          await showing(context, { verb: "operation", kind: "restart", cluster, waitMs: options.wait ?? 0, input }),
        );
      },
    );
}

function parseParallel(text: string): number {
  const parallel = parseCount(text);
  if (parallel > 0) return parallel;
  throw new InvalidArgumentError("must be at least 1");
}
