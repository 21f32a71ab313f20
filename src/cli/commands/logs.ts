import { Command } from "commander";
import { SwarmError } from "../../errors.ts";
import { follow, tail } from "../../runtime/logs.ts";
import { agentRows, viewCluster } from "../clusters.ts";
import { type Context, chooseCluster, createContext, type GlobalOptions, requireEngine } from "../context.ts";
import { parseCount } from "../durations.ts";
import { examples } from "./up.ts";

interface LogsOptions extends GlobalOptions {
  readonly cluster?: string;
  readonly tail: number;
  readonly follow?: boolean;
}

export function logsCommand(): Command {
  return new Command("logs")
    .description("the last lines that an instance, or all instances of an agent, wrote")
    .argument("<instance>", "an instance (content-creator-0) or an agent (content-creator)")
    .option("--cluster <name>", "name of the cluster (default: the only one)")
    .option("--tail <lines>", "how many lines of each", parseCount, 20)
    .option("-f, --follow", "go on with what is written, until Ctrl-C")
    .addHelpText(
      "after",
      examples(["swarmctl logs content-creator-0 --follow", "swarmctl logs content-creator --tail 100"]),
    )
    .action(async (instance: string, _options: LogsOptions, command: Command) => {
      const options = command.optsWithGlobals<LogsOptions>();
      const context = createContext(options);
      const engine = await requireEngine(context);
      const cluster = await chooseCluster(context, engine, options.cluster);
      const view = await viewCluster(context, engine, cluster);
      const dir = view?.record.site?.dir;
      const rows = view === undefined ? [] : agentRows(view);
      const wanted = rows.filter((row) => row.instance === instance || row.agent === instance);
      if (dir === undefined || wanted.length === 0) {
        const known = rows.map((row) => row.instance).join(", ") || "none";
        throw new SwarmError("SW705", `cluster ${cluster} has no instance or agent ${instance} (instances: ${known})`);
      }
      if (options.follow) {
        const names = wanted.map((row) => row.instance);
        await Promise.all(
          names.map((name) => print(context, dir, { name, alone: names.length === 1, lines: options.tail })),
        );
        return;
      }
      const logs = wanted.map((row) => ({ instance: row.instance, lines: tail(dir, row.instance, options.tail) }));
      context.output.result({ cluster, logs }, () =>
        logs
          .flatMap((log) => log.lines.map((line) => (logs.length === 1 ? line : `${log.instance} | ${line}`)))
          .join("\n"),
      );
    });
}

interface Followed {
  readonly name: string;
  /** Nothing else is followed: lines need no name. */
  readonly alone: boolean;
  readonly lines: number;
}

async function print({ output, signal }: Context, dir: string, { name, alone, lines }: Followed): Promise<void> {
  for await (const line of follow(dir, name, { signal, lines })) {
    if (output.json) output.event({ instance: name, line });
    else process.stdout.write(`${alone ? line : `${name} | ${line}`}\n`);
  }
}
