import { Command } from "commander";
import { deleteMemory, listMemory, showMemory } from "../../drivers/control/memory-calls.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { withDriver } from "../clusters.ts";
import { createContext } from "../context.ts";
import { parseCount } from "../durations.ts";
import { examples } from "../examples.ts";
import { table } from "../table.ts";

/** Commands on the shared memory of a cluster. */
export function memoryCommand(): Command {
  return new Command("memory").addCommand(listCommand()).addCommand(getCommand()).addCommand(deleteCommand());
}

interface ListOptions extends ClusterOptions {
  readonly prefix?: string;
  readonly limit: number;
}

const pageSize = 1_000;

function listCommand(): Command {
  return onCluster(new Command("list"), true)
    .description("list the keys of the shared memory")
    .option("--prefix <text>", "only keys that begin with it")
    .option("--limit <n>", "maximum number", parseCount, 100)
    .addHelpText("after", examples(["swarmctl memory list", "swarmctl memory list --prefix drafts/ --json"]))
    .action(async (_cluster: string | undefined, _options: ListOptions, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const context = createContext(options);
      const { items, more } = await withDriver(context, namedCluster(command), async (driver) => {
        const found: Awaited<ReturnType<typeof listMemory>>["items"][number][] = [];
        let after: string | undefined;
        do {
          const limit = Math.max(1, Math.min(pageSize, options.limit - found.length));
          const page = await listMemory(driver, { prefix: options.prefix, after, limit }, context.signal);
          found.push(...page.items);
          after = page.next;
        } while (after !== undefined && found.length < options.limit);
        return { items: found, more: after !== undefined };
      });
      context.output.result({ keys: items, more }, () =>
        items.length === 0
          ? "no keys"
          : table(
              ["KEY", "VERSION", "BYTES", "WRITER", "EXPIRES"],
              items.map(({ key, version, bytes, instance, expiresAtMs }) => [
                ...[key, version, bytes, instance ?? "-"],
                expiresAtMs === undefined ? "-" : new Date(expiresAtMs).toISOString(),
              ]),
            ),
      );
      if (more) context.output.note(`more keys exist: --limit ${options.limit * 10}`);
    });
}

function getCommand(): Command {
  return onCluster(new Command("get"))
    .description("print the value of a key as JSON")
    .argument("<key>", "key of the shared memory")
    .addHelpText(
      "after",
      examples(["swarmctl memory get plan | jq .", "swarmctl memory get plan --json | jq .version"]),
    )
    .action(async (key: string, _options: ClusterOptions, command: Command) => {
      const options = command.optsWithGlobals<ClusterOptions>();
      const context = createContext(options);
      const entry = await withDriver(context, namedCluster(command), (driver) =>
        showMemory(driver, key, context.signal),
      );
      context.output.result(entry, () => JSON.stringify(entry.value, null, 2));
    });
}

interface DeleteOptions extends ClusterOptions {
  readonly version?: number;
}

function deleteCommand(): Command {
  return onCluster(new Command("delete"))
    .description("delete a key")
    .argument("<key>", "key of the shared memory")
    .option("--version <n>", "delete only this version, as `memory get --json` shows it", parseCount)
    .addHelpText("after", examples(["swarmctl memory delete plan", "swarmctl memory delete plan --version 12"]))
    .action(async (key: string, _options: DeleteOptions, command: Command) => {
      const options = command.optsWithGlobals<DeleteOptions>();
      const context = createContext(options);
      const version = await withDriver(context, namedCluster(command), (driver) =>
        deleteMemory(driver, key, options.version, context.signal),
      );
      context.output.result({ key, version }, () => `${key} deleted (version ${version})`);
    });
}

function onCluster(command: Command, operand = false): Command {
  return withCluster(command, { operand, embedded: true }).option("--json", "print JSON for scripts");
}
