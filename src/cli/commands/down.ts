import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { SwarmError } from "../../errors.ts";
import { operate } from "../../stacks/operate.ts";
import { chooseCluster, createContext, type GlobalOptions, requireEngine } from "../context.ts";
import { parseDuration } from "../durations.ts";
import { showProgress } from "../progress.ts";
import { examples, report } from "./up.ts";

interface DownOptions extends GlobalOptions {
  readonly yes?: boolean;
  readonly ifPresent?: boolean;
  readonly wait?: number;
}

export function downCommand(): Command {
  return new Command("down")
    .description("stop a cluster's agents and remove everything of it")
    .argument("[cluster]", "name of a cluster (default: the only one)")
    .option("-y, --yes", "do not ask")
    .option("--wait <duration>", "wait so long for another operation on this cluster (30s, 5m)", parseDuration)
    .option("--if-present", "no such cluster is success")
    .addHelpText("after", examples(["swarmctl down marketing-v1 --yes"]))
    .action(async (named: string | undefined, _options: DownOptions, command: Command) => {
      const options = command.optsWithGlobals<DownOptions>();
      const context = createContext(options);
      const { output, settings, signal } = context;
      const engine = await requireEngine(context);
      try {
        const cluster = await chooseCluster(context, engine, named);
        await confirm(cluster, options);
        // Not before the question: live rows would be drawn over it.
        const progress = showProgress(output);
        const result = await operate(
          { kind: "destroy", cluster, waitMs: options.wait ?? 0 },
          { settings, engine, signal, onEvent: progress.onEvent },
        ).finally(() => progress.end());
        report(context, result);
      } catch (error) {
        if (!(options.ifPresent && error instanceof SwarmError && error.code === "SW605")) throw error;
        output.note(named === undefined ? "there is no cluster" : `there is no cluster ${named}`);
      }
    });
}

async function confirm(cluster: string, options: DownOptions): Promise<void> {
  if (options.yes) return;
  if (!process.stdin.isTTY || options.json) {
    throw new SwarmError("SW801", `down removes cluster ${cluster} with its agents' state: confirm with --yes`);
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`Remove cluster ${cluster} with its agents' state? Type its name: `);
  prompt.close();
  if (answer.trim() !== cluster) throw new SwarmError("SW801", "that is not its name; nothing was removed");
}
