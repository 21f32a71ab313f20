import { constants } from "node:os";
import { isatty } from "node:tty";
import { Command } from "commander";
import type { Terminal } from "../../drivers/attach.ts";
import type { Driver, ExecResult } from "../../drivers/driver.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { withDriver } from "../clusters.ts";
import { type Context, createContext } from "../context.ts";
import { examples } from "../examples.ts";
import { type AttachFlags, attachMode } from "../exec/attach-mode.ts";

export function execCommand(): Command {
  return withExecOptions(new Command("exec"))
    .argument("<instance>", "an instance (content-creator-0)")
    .argument("<command...>", "program and arguments, after -- where they begin with a dash")
    .addHelpText(
      "after",
      `${examples([
        "swarmctl exec content-creator-0 env",
        "swarmctl exec -it content-creator-0 -- bash -l",
        "tar c data | swarmctl exec -i content-creator-0 --cluster q1 -- tar x",
      ])}

Where input and output are terminals, the command gets a terminal, as with -it; -T leaves it out.`,
    )
    .action(async (instance: string, words: string[], _options: ClusterOptions, command: Command) => {
      const program = readOptionsAfter(command, words);
      const flags = command.opts<AttachFlags>();
      const context = createContext({});
      const { exit, signal } = await withDriver(context, namedCluster(command), (driver) =>
        run(driver, instance, program, { context, flags }),
      );
      process.exitCode = exit ?? 128 + (signal !== null && isSignal(signal) ? constants.signals[signal] : 0);
    });
}

function withExecOptions(command: Command): Command {
  return withCluster(command, { embedded: true })
    .option("-i, --interactive", "pass standard input to the command")
    .option("-t, --tty", "run the command on a terminal")
    .option("-T, --no-tty", "run the command without a terminal")
    .passThroughOptions();
}

/** Reads the options that follow the instance into `command`. @returns the program and its arguments */
function readOptionsAfter(command: Command, words: readonly string[]): readonly string[] {
  const after = withExecOptions(new Command("exec"))
    .argument("<command...>")
    .exitOverride()
    .configureOutput(command.configureOutput());
  after.parse([...words], { from: "user" });
  for (const [name, value] of Object.entries(after.opts())) {
    if (after.getOptionValueSource(name) !== "cli") continue;
    const before: unknown = command.getOptionValue(name);
    if (name === "cluster" && before !== undefined && before !== value) {
      command.error(`error: two clusters are named: ${before} and ${value}`);
    }
    command.setOptionValueWithSource(name, value, "cli");
  }
  return after.args;
}

interface Attached {
  readonly context: Context;
  readonly flags: AttachFlags;
}

async function run(
  driver: Driver,
  instance: string,
  command: readonly string[],
  { context, flags }: Attached,
): Promise<ExecResult> {
  const { stdout, stderr } = process;
  const { signal } = context;
  const mode = attachMode(flags, { stdin: isatty(0), stdout: isatty(1) });
  if (mode === "output") {
    const onStdout = (bytes: Uint8Array) => void stdout.write(bytes);
    const onStderr = (bytes: Uint8Array) => void stderr.write(bytes);
    return driver.exec(instance, command, { onStdout, onStderr, signal });
  }
  const terminal = mode === "terminal" ? ownTerminal : undefined;
  // On a terminal the command itself hears Ctrl-C.
  const listen = context.onInterrupt(() => terminal !== undefined);
  let opened = false;
  const stdin = () => {
    opened = true;
    return process.stdin;
  };
  try {
    return await driver.attach(instance, command, { stdin, stdout, stderr, terminal, signal });
  } finally {
    listen();
    // An open input would keep this process from ending.
    if (opened) process.stdin.destroy();
  }
}

function isSignal(name: string): name is NodeJS.Signals {
  return name in constants.signals;
}

/** The terminal of this process. */
const ownTerminal: Terminal = {
  size: () => ({ columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 }),
  onResize(hear) {
    process.stdout.on("resize", hear);
    return () => process.stdout.off("resize", hear);
  },
  passKeys() {
    process.stdin.setRawMode(true);
    return () => process.stdin.setRawMode(false);
  },
};
