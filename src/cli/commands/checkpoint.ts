import { Command } from "commander";
import { listSavedStates } from "../../drivers/control/checkpoint-calls.ts";
import { SwarmError } from "../../errors.ts";
import { chooseCluster } from "../choose-cluster.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { withDriver } from "../clusters.ts";
import { createContext } from "../context.ts";
import { examples } from "../examples.ts";
import { report, showing, withWait } from "../lifecycle.ts";
import { duration } from "../output.ts";
import { table } from "../table.ts";

/** Commands on the saved states of instances. */
export function checkpointCommand(): Command {
  return new Command("checkpoint").addCommand(listCommand()).addCommand(restoreCommand());
}

interface ListOptions extends ClusterOptions {}

function listCommand(): Command {
  return withCluster(new Command("list"), { embedded: true })
    .description("list the saved states of instances: the latest of each, and the one before")
    .argument("[instance]", "only this instance")
    .option("--json", "print JSON for scripts")
    .addHelpText("after", examples(["swarmctl checkpoint list", "swarmctl checkpoint list content-creator-0 --json"]))
    .action(async (instance: string | undefined, _options: ListOptions, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const context = createContext(options);
      await withDriver(context, namedCluster(command), async (driver, cluster) => {
        const all = await listSavedStates(driver, context.signal);
        const found = all.filter((one) => instance === undefined || one.instance === instance);
        context.output.result({ cluster, checkpoints: found, total: found.length }, () =>
          found.length === 0 ? "no saved states" : savedTable(found),
        );
      });
    });
}

function savedTable(states: Awaited<ReturnType<typeof listSavedStates>>, now = Date.now()): string {
  return table(
    ["INSTANCE", "HASH", "SAVED", "AGE", "BYTES", "NUMBER"],
    states.map(({ instance, root, savedAtMs, bytes, seq, isLatest }) => [
      ...[instance, root.slice(0, 12), new Date(savedAtMs).toISOString(), duration(now - savedAtMs), bytes],
      `${seq}${isLatest ? " (latest)" : ""}`,
    ]),
  );
}

interface RestoreOptions extends ClusterOptions {
  readonly hash?: string;
  readonly wait?: number;
}

function restoreCommand(): Command {
  return withCluster(withWait(new Command("restore")), { embedded: false })
    .description("restart an instance with a saved state; by default with the one before the latest")
    .argument("<instance>", "an instance (content-creator-0)")
    .option("--hash <hash>", "the state to restore, as `checkpoint list` shows it, or its beginning")
    .option("--json", "print JSON for scripts")
    .addHelpText(
      "after",
      `${examples(["swarmctl checkpoint restore content-creator-0", "swarmctl checkpoint restore content-creator-0 --hash 3f9a12bc00d1"])}

The instance finishes its tasks, stops, and gets the state when it registers again. Its present state becomes the one before.`,
    )
    .action(async (instance: string, _options: RestoreOptions, command: Command) => {
      const options = command.optsWithGlobals<RestoreOptions>();
      const context = createContext(options);
      const cluster = await chooseCluster(context, command);
      const root = options.hash ?? (await withDriver(context, cluster, (driver) => previousOf(driver, instance)));
      const on = { cluster, waitMs: options.wait ?? 0 };
      report(context, await showing(context, { verb: "operation", kind: "restore", ...on, input: { instance, root } }));
    });
}

/** @throws SwarmError SW705 when the instance has no state before the latest */
async function previousOf(driver: Parameters<typeof listSavedStates>[0], instance: string): Promise<string> {
  const own = (await listSavedStates(driver)).filter((one) => one.instance === instance);
  const previous = own.find(({ isLatest }) => !isLatest);
  if (previous !== undefined) return previous.root;
  const known = own.map(({ root }) => root.slice(0, 12)).join(", ") || "none";
  throw new SwarmError("SW705", `${instance} has no state before its latest (saved: ${known})`, {
    hints: ["list them: swarmctl checkpoint list"],
    values: { instance },
  });
}
