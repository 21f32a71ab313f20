import { Command } from "commander";
import type { Driver, LogOptions } from "../../drivers/driver.ts";
import { SwarmError } from "../../errors.ts";
import { printableLog } from "../../platform/printable.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { agentRows, withDriver } from "../clusters.ts";
import { type Context, createReadingContext } from "../context.ts";
import { parseCount, parseSince } from "../durations.ts";
import { examples } from "../examples.ts";

interface LogsOptions extends ClusterOptions {
  readonly tail: number;
  readonly since?: number;
  readonly timestamps?: boolean;
  readonly follow?: boolean;
  readonly raw?: boolean;
}

export function logsCommand(): Command {
  return withCluster(new Command("logs"), { embedded: true })
    .argument(
      "[instance]",
      "an instance (content-creator-0) or an agent (content-creator); default: all of the cluster",
    )
    .option("--tail <lines>", "number of lines per instance", parseCount, 20)
    .option("--since <time>", "only lines of the last 10m, 2h, or since 2026-05-01T08:00:00Z; not on local", (text) =>
      parseSince(text, Date.now()),
    )
    .option("--timestamps", "print the time of each line; not on local")
    .option("-f, --follow", "follow new lines until Ctrl-C")
    .option("--raw", "print control characters as they are, with the colours of the agent")
    .addHelpText(
      "after",
      examples([
        "swarmctl logs content-creator-0 --follow",
        "swarmctl logs content-creator --tail 100",
        "swarmctl logs --cluster team --since 10m --timestamps",
      ]),
    )
    .action(async (instance: string | undefined, _options: LogsOptions, command: Command) => {
      const options = command.optsWithGlobals<LogsOptions>();
      const context = createReadingContext(options);
      await withDriver(context, namedCluster(command), (driver, cluster) =>
        show(context, driver, { cluster, instance, options }),
      );
    });
}

interface Wanted {
  readonly cluster: string;
  /** Id of an instance, or key of an agent; undefined: all of the cluster. */
  readonly instance: string | undefined;
  readonly options: LogsOptions;
}

async function show(context: Context, driver: Driver, { cluster, instance, options }: Wanted): Promise<void> {
  const { tail: lines, since: sinceMs, timestamps, follow = false, raw = false } = options;
  const rows = agentRows(cluster, await driver.status(context.signal));
  const found =
    instance === undefined ? rows : rows.filter((row) => row.instance === instance || row.agent === instance);
  const names = found.map((row) => row.instance);
  if (names.length === 0 && instance !== undefined) {
    const known = rows.map((row) => row.instance).join(", ") || "none";
    throw new SwarmError("SW705", `cluster ${cluster} has no instance or agent ${instance} (instances: ${known})`);
  }
  // Lines of a cluster name their instance even where it is the only one now.
  const alone = instance !== undefined && names.length === 1;
  const which = { sinceMs, timestamps };
  if (follow) {
    await Promise.all(names.map((name) => print(context, driver, { name, alone, lines, raw, ...which })));
    return;
  }
  const logs = await Promise.all(
    names.map(async (name) => ({ instance: name, lines: await driver.tail(name, lines, which) })),
  );
  const text = () =>
    logs.length === 0
      ? "no agents"
      : logs.flatMap((log) => log.lines.map((line) => logLine(log.instance, line, { alone, raw }))).join("\n");
  if (raw && !context.output.json) process.stdout.write(`${text()}\n`);
  else context.output.result({ cluster, logs }, text);
}

/** A line of a log. An agent may write what a terminal acts upon: only `--raw` passes it on. */
export function logLine(instance: string, line: string, { alone, raw }: Pick<Followed, "alone" | "raw">): string {
  const text = raw ? line : printableLog(line);
  return alone ? text : `${instance} | ${text}`;
}

interface Followed extends LogOptions {
  readonly name: string;
  /** The only one followed: its lines get no prefix. */
  readonly alone: boolean;
  readonly lines: number;
  readonly raw: boolean;
}

async function print({ output, signal }: Context, driver: Driver, followed: Followed): Promise<void> {
  const { name, lines, raw, sinceMs, timestamps } = followed;
  for await (const line of driver.follow(name, { signal, lines, sinceMs, timestamps })) {
    if (output.json) output.event({ instance: name, line });
    else if (raw) process.stdout.write(`${logLine(name, line, followed)}\n`);
    else output.line(logLine(name, line, followed));
  }
}
