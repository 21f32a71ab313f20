import { Command } from "commander";
import type { Driver } from "../../drivers/driver.ts";
import { SwarmError } from "../../errors.ts";
import { agentRows, withDriver } from "../clusters.ts";
import { type Context, createContext, type GlobalOptions } from "../context.ts";
import { parseCount } from "../durations.ts";
import { type StackOption, withStack } from "../embedded.ts";
import { examples } from "../examples.ts";

interface LogsOptions extends GlobalOptions, StackOption {
  readonly cluster?: string;
  readonly tail: number;
  readonly follow?: boolean;
}

export function logsCommand(): Command {
  return withStack(new Command("logs"))
    .argument("<instance>", "an instance (content-creator-0) or an agent (content-creator)")
    .option("--cluster <name>", "name of the cluster (default: the only one)")
    .option("--tail <lines>", "number of lines per instance", parseCount, 20)
    .option("-f, --follow", "follow new lines until Ctrl-C")
    .addHelpText(
      "after",
      examples(["swarmctl logs content-creator-0 --follow", "swarmctl logs content-creator --tail 100"]),
    )
    .action(async (instance: string, _options: LogsOptions, command: Command) => {
      const options = command.optsWithGlobals<LogsOptions>();
      const context = createContext(options);
      await withDriver(context, options.stack ?? options.cluster, (driver, cluster) =>
        show(context, driver, { cluster, instance, lines: options.tail, follow: options.follow ?? false }),
      );
    });
}

interface Wanted {
  readonly cluster: string;
  /** Id of an instance, or key of an agent. */
  readonly instance: string;
  readonly lines: number;
  readonly follow: boolean;
}

async function show(context: Context, driver: Driver, { cluster, instance, lines, follow }: Wanted): Promise<void> {
  const rows = agentRows(cluster, await driver.status(context.signal));
  const names = rows.filter((row) => row.instance === instance || row.agent === instance).map((row) => row.instance);
  if (names.length === 0) {
    const known = rows.map((row) => row.instance).join(", ") || "none";
    throw new SwarmError("SW705", `cluster ${cluster} has no instance or agent ${instance} (instances: ${known})`);
  }
  const alone = names.length === 1;
  if (follow) {
    await Promise.all(names.map((name) => print(context, driver, { name, alone, lines })));
    return;
  }
  const logs = await Promise.all(
    names.map(async (name) => ({ instance: name, lines: await driver.tail(name, lines, context.signal) })),
  );
  context.output.result({ cluster, logs }, () =>
    logs.flatMap((log) => log.lines.map((line) => (alone ? line : `${log.instance} | ${line}`))).join("\n"),
  );
}

interface Followed {
  readonly name: string;
  /** The only one followed: its lines get no prefix. */
  readonly alone: boolean;
  readonly lines: number;
}

async function print({ output, signal }: Context, driver: Driver, { name, alone, lines }: Followed): Promise<void> {
  for await (const line of driver.follow(name, { signal, lines })) {
    if (output.json) output.event({ instance: name, line });
    else process.stdout.write(`${alone ? line : `${name} | ${line}`}\n`);
  }
}
