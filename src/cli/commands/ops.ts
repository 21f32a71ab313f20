import { Command } from "commander";
import { cancelOperation } from "../../lifecycle/executor/cancel.ts";
import { operations } from "../../lifecycle/operations/operations.ts";
import { listOperations, showOperation } from "../../lifecycle/records/journal.ts";
import { followLog, readLog } from "../../lifecycle/records/log.ts";
import { printableJson } from "../../platform/printable.ts";
import { namedCluster, withCluster } from "../cluster-option.ts";
import { createContext, createReadingContext, type GlobalOptions } from "../context.ts";
import { parseCount } from "../durations.ts";
import { examples } from "../examples.ts";
import { report, showing, withWait } from "../lifecycle.ts";
import { duration } from "../output.ts";
import { showProgress } from "../progress.ts";
import { stepTitle } from "../step-title.ts";
import { table } from "../table.ts";

interface ListOptions extends GlobalOptions {
  readonly limit: number;
}

interface WaitOptions extends GlobalOptions {
  readonly wait?: number;
}

/** Commands on the journal of operations. */
export function opsCommand(): Command {
  return new Command("ops")
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(followCommand())
    .addCommand(resumeCommand("resume", "resume an operation that failed or was interrupted"))
    .addCommand(resumeCommand("rollback", "roll back an operation that failed or was interrupted"))
    .addCommand(cancelCommand())
    .addCommand(logsCommand());
}

function listCommand(): Command {
  return withCluster(withJson(new Command("list")), {
    operand: true,
    embedded: false,
    selects: "only operations on this cluster",
  })
    .description("list operations, newest first")
    .option("--limit <n>", "maximum number", parseCount, 20)
    .addHelpText("after", examples(["swarmctl ops list", "swarmctl ops list marketing-v1 --json"]))
    .action(async (_cluster: string | undefined, _options: ListOptions, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const { output, settings } = createReadingContext(options);
      const operations = await listOperations(settings, { cluster: namedCluster(command), limit: options.limit });
      output.result({ operations }, () =>
        operations.length === 0
          ? "no operations"
          : table(
              ["OPERATION", "CLUSTER", "KIND", "STATUS", "STARTED", "DURATION", "ACTOR"],
              operations.map(({ id, cluster: of, kind, status, createdAt, endedAt, actor }) => [
                ...[id, of, kind, status, new Date(createdAt).toISOString()],
                ...[endedAt === null ? "-" : duration(endedAt - createdAt), actor],
              ]),
              { drops: ["ACTOR", "DURATION", "STARTED"] },
            ),
      );
    });
}

function showCommand(): Command {
  return withJson(new Command("show"))
    .description("show an operation with its steps")
    .argument("<operation>", "id of an operation")
    .addHelpText("after", examples(["swarmctl ops show op-01m80kak1b98h5s99rbqp1pvph"]))
    .action(async (id: string, _options: GlobalOptions, command: Command) => {
      const { output, settings } = createReadingContext(command.optsWithGlobals<GlobalOptions>());
      const operation = await showOperation(settings, id);
      output.result(operation, () => {
        const { kind, cluster, status, error, steps } = operation;
        const rows = steps.map(({ name, status: of, startedAt, endedAt }) => [
          ...[stepTitle(name), of, new Date(startedAt).toISOString()],
          endedAt === null ? "-" : duration(endedAt - startedAt),
        ]);
        const why = messageOf(error);
        return [
          `${id}: ${kind} of ${cluster}, ${status}${why === undefined ? "" : `: ${why.replaceAll("\n", "\n  ")}`}`,
          table(["STEP", "STATUS", "STARTED", "DURATION"], rows),
        ].join("\n\n");
      });
    });
}

function followCommand(): Command {
  return withJson(new Command("follow"))
    .description("show the progress of an operation of this home folder from its start until it ends")
    .argument("<operation>", "id of an operation")
    .addHelpText("after", examples(["swarmctl ops follow op-01m80kak1b98h5s99rbqp1pvph"]))
    .action(async (id: string, _options: GlobalOptions, command: Command) => {
      const { output, settings, signal } = createReadingContext(command.optsWithGlobals<GlobalOptions>());
      const isOver = async () => (await showOperation(settings, id)).endedAt !== null;
      const progress = showProgress(output);
      try {
        for await (const { event, atMs } of followLog(settings.home, id, isOver, signal)) {
          progress.onEvent(event, atMs);
        }
      } finally {
        progress.end();
      }
      const { kind, cluster, status, error } = await showOperation(settings, id);
      if (output.json) output.event({ type: "ended", operation: id, kind, cluster, status, error });
      const why = messageOf(error);
      output.note(`${kind} of ${cluster}: ${status}${why === undefined ? "" : `: ${why}`}`);
      if (status !== "succeeded") process.exitCode = 1;
    });
}

function resumeCommand(verb: "resume" | "rollback", description: string): Command {
  return withWait(withJson(new Command(verb)))
    .description(description)
    .argument("<operation>", "id of an operation")
    .addHelpText("after", examples([`swarmctl ops ${verb} op-01m80kak1b98h5s99rbqp1pvph`]))
    .action(async (id: string, _options: WaitOptions, command: Command) => {
      const options = command.optsWithGlobals<WaitOptions>();
      const context = createContext(options);
      report(context, await showing(context, { verb, id, waitMs: options.wait ?? 0 }));
    });
}

function cancelCommand(): Command {
  return withJson(new Command("cancel"))
    .description("stop a running operation and roll it back")
    .argument("<operation>", "id of an operation")
    .addHelpText("after", examples(["swarmctl ops cancel op-01m80kak1b98h5s99rbqp1pvph"]))
    .action(async (id: string, _options: GlobalOptions, command: Command) => {
      const { output, settings } = createContext(command.optsWithGlobals<GlobalOptions>());
      const { kind, cluster } = await cancelOperation(settings, operations, id);
      output.result(
        { operation: id, kind, cluster },
        () => `cancellation of ${kind} of ${cluster} requested; follow it: swarmctl ops follow ${id}`,
      );
    });
}

function logsCommand(): Command {
  return new Command("logs")
    .description("print the events of an operation of this home folder, one JSON object per line")
    .argument("<operation>", "id of an operation")
    .addHelpText("after", examples(["swarmctl ops logs op-01m80kak1b98h5s99rbqp1pvph | jq -r .text"]))
    .action(async (id: string, _options: GlobalOptions, command: Command) => {
      const { settings } = createReadingContext(command.optsWithGlobals<GlobalOptions>());
      await showOperation(settings, id);
      for (const line of await readLog(settings.home, id)) process.stdout.write(`${printableJson(line)}\n`);
    });
}

function messageOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : undefined;
}

function withJson(command: Command): Command {
  return command.option("--json", "print JSON for scripts");
}
