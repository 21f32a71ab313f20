import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Command, Option } from "commander";
import type { TaskView } from "../../agent-api/control/task-wire.ts";
import type { Control } from "../../drivers/control/control.ts";
import { addTask, cancelTask, countTasks, listTasks, requeueTask, showTask } from "../../drivers/control/task-calls.ts";
import { SwarmError } from "../../errors.ts";
import { isRecord } from "../../platform/json.ts";
import type { Json } from "../../store/json.ts";
import { parsePayload } from "../../tasks/payload.ts";
import { selectorWord } from "../../tasks/selector.ts";
import { priorities, taskStates } from "../../tasks/task.ts";
import { addMany } from "../add-many.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { withDriver, withMovingDriver } from "../clusters.ts";
import { createContext, createReadingContext } from "../context.ts";
import { parseCount, parseDuration } from "../durations.ts";
import { examples } from "../examples.ts";
import { duration } from "../output.ts";
import { table } from "../table.ts";
import { taskPurgeCommand } from "./task-purge.ts";

/** Commands on the tasks of a cluster. */
export function taskCommand(): Command {
  return new Command("task")
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(changeCommand("cancel", "cancel a task, even while an agent works on it", cancelTask))
    .addCommand(changeCommand("requeue", "requeue a dead-lettered task", requeueTask))
    .addCommand(taskPurgeCommand());
}

interface AddOptions extends ClusterOptions {
  readonly agent?: string;
  readonly role?: string;
  readonly capability?: string;
  readonly file?: string;
  readonly text?: boolean;
  readonly allowUnknown?: boolean;
  readonly skill?: string;
  readonly priority?: (typeof priorities)[number];
  readonly attempts?: number;
  readonly key?: string;
  readonly count?: number;
  readonly wait?: number;
}

function addCommand(): Command {
  return onCluster(new Command("add"))
    .description("add a task for an agent, a role or a capability")
    .argument(
      "[payload]",
      "payload of the task: JSON (an object, a list, a number, true, false, null), else a text; -: standard input",
    )
    .option("--agent <key>", "select the instances of one agent")
    .addOption(new Option("--role <role>", "select a role").choices(["supervisor", "lead", "specialist", "worker"]))
    .option("--capability <name>", "select agents with this capability")
    .option("--file <file>", "read the payload from a file (-: standard input)")
    .option("--text", "pass the payload as a text, also where it looks like JSON")
    .option("--allow-unknown", "also add a task that no agent of the cluster takes")
    .option("--skill <name>", "skill of the reference agent: draft, echo, word-count, sum, sleep, fail")
    .addOption(new Option("--priority <priority>", "priority of the task").choices(priorities))
    .option("--attempts <n>", "maximum number of attempts (default: 3)", parseCount)
    .option("--key <key>", "idempotency key: adding a task with the same key returns the first one")
    .addOption(
      new Option("--count <n>", "add this many such tasks, and print their ids")
        .argParser(parseCount)
        .conflicts(["key", "wait"]),
    )
    .option("--wait <duration>", "how long to wait for the result, which is printed (30s, 5m)", parseDuration)
    .addHelpText(
      "after",
      examples([
        'swarmctl task add "a slogan for spring" --capability copywriting --wait 30s',
        `swarmctl task add '{"skill":"sum","numbers":[1,2]}' --agent content-creator`,
        "swarmctl task add --file order.json --role worker",
      ]),
    )
    .action(async (written: string | undefined, _options: AddOptions, command: Command) => {
      const options = command.optsWithGlobals<AddOptions>();
      const selector = selectorOf(options);
      const context = createContext(options);
      const request = {
        selector,
        payload: payloadOf(await readPayload(written, options.file), options),
        // A server of version 0.1.0 accepts all tasks, and no such key.
        ...(options.allowUnknown === true && { allowUnknown: true }),
        ...(options.priority !== undefined && { priority: options.priority }),
        ...(options.attempts !== undefined && { maxAttempts: options.attempts }),
        // A generated key makes the call idempotent: it may be retried while the cluster is being migrated.
        idempotencyKey: options.key ?? randomUUID(),
      };
      const { wait, count } = options;
      if (count !== undefined) return addMany(context, namedCluster(command), request, count);
      await withMovingDriver(context, namedCluster(command), async (driver) => {
        const { id, status } = await addTask(driver, request, context.signal);
        if (wait === undefined) {
          context.output.result({ id, status }, () => id);
          return;
        }
        const task = await finished(driver, id, { deadlineMs: wait, signal: context.signal });
        context.output.result(task, () => describeTask(task));
        if (task.state !== "done") process.exitCode = 1;
      });
    });
}

interface ListOptions extends ClusterOptions {
  readonly state?: (typeof taskStates)[number];
  readonly limit: number;
}

function listCommand(): Command {
  return onCluster(new Command("list"), true)
    .description("list the newest tasks and the number of tasks in each state")
    .addOption(new Option("--state <state>", "only tasks in this state").choices(taskStates))
    .option("--limit <n>", "maximum number", parseCount, 20)
    .addHelpText("after", examples(["swarmctl task list --state dead"]))
    .action(async (_cluster: string | undefined, _options: ListOptions, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const context = createReadingContext(options);
      const filter = { limit: options.limit, ...(options.state !== undefined && { state: options.state }) };
      const { page, counts } = await withDriver(context, namedCluster(command), async (driver) => ({
        page: await listTasks(driver, filter, context.signal),
        counts: await countTasks(driver, context.signal),
      }));
      const { total, unmatched } = counts;
      context.output.result({ tasks: page.items, counts: total, unmatched }, () =>
        [
          ...(page.items.length === 0 ? [] : [taskTable(page.items, unmatched), ""]),
          taskStates.map((state) => `${total[state] ?? 0} ${state}`).join(", "),
          ...unmatched.map((selector) => `No agent accepts the waiting tasks for ${selector.replace(":", " ")}.`),
        ].join("\n"),
      );
    });
}

function showCommand(): Command {
  return onCluster(new Command("show"))
    .description("show a task with its result")
    .argument("<id>", "id of a task")
    .addHelpText("after", examples(["swarmctl task show 01J... --json | jq .result"]))
    .action(async (id: string, _options: ClusterOptions, command: Command) => {
      const options = command.optsWithGlobals<ClusterOptions>();
      const context = createReadingContext(options);
      const task = await withDriver(context, namedCluster(command), (driver) => showTask(driver, id, context.signal));
      context.output.result(task, () => describeTask(task));
    });
}

function changeCommand(name: string, description: string, change: typeof cancelTask): Command {
  return onCluster(new Command(name))
    .description(description)
    .argument("<id>", "id of a task")
    .addHelpText("after", examples([`swarmctl task ${name} 01J...`]))
    .action(async (id: string, _options: ClusterOptions, command: Command) => {
      const options = command.optsWithGlobals<ClusterOptions>();
      const context = createContext(options);
      const state = await withDriver(context, namedCluster(command), (driver) => change(driver, id, context.signal));
      context.output.result({ id, state }, () => `${id} is ${state}`);
    });
}

function onCluster(command: Command, operand = false): Command {
  return withCluster(command, { operand, embedded: true }).option("--json", "print JSON for scripts");
}

function selectorOf({ agent, role, capability }: AddOptions) {
  const given = [
    ...(agent === undefined ? [] : [{ agent }]),
    ...(role === undefined ? [] : [{ role }]),
    ...(capability === undefined ? [] : [{ capability }]),
  ];
  const [selector, ...others] = given;
  if (selector !== undefined && others.length === 0) return selector;
  throw new SwarmError("SW801", "exactly one of --agent, --role and --capability is required");
}

/** Larger ones are refused by the server too; what is larger belongs into a file that the payload names. */
const mostPayloadBytes = 1024 * 1024;

/** The payload as written: the argument, a file, or standard input, without the line break at its end. */
async function readPayload(written: string | undefined, file: string | undefined): Promise<string> {
  if ((written === undefined) === (file === undefined)) {
    throw new SwarmError("SW801", "exactly one of a payload and --file is required");
  }
  if (written !== undefined && written !== "-") return written;
  const fromInput = file === undefined || file === "-";
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of fromInput ? process.stdin : createReadStream(file)) {
      parts.push(Buffer.from(part as Buffer));
      bytes += parts.at(-1)?.length ?? 0;
      if (bytes > mostPayloadBytes) throw new Error(`it is larger than ${mostPayloadBytes} bytes`);
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts)).replace(/\r?\n$/, "");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SwarmError("SW802", `cannot read the payload from ${fromInput ? "standard input" : file}: ${reason}`, {
      cause,
    });
  }
}

/** The payload; `skill` is added to an object or a text. */
function payloadOf(written: string, { text, skill }: Pick<AddOptions, "text" | "skill">): Json {
  const parsed = text === true ? { ok: true as const, value: { text: written } } : parsePayload(written);
  if (!parsed.ok) {
    throw new SwarmError("SW801", `the payload cannot be used: ${parsed.why}`, {
      hints: ["--text passes it as a text"],
    });
  }
  if (skill === undefined) return parsed.value;
  if (!isRecord(parsed.value)) throw new SwarmError("SW801", "--skill needs a payload that is an object or a text");
  return { ...parsed.value, skill };
}

const pollMs = 200;

interface WaitOptions {
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** Waits until a task is done, dead or cancelled; returns its current state at the deadline. */
export async function finished(control: Control, id: string, { deadlineMs, signal }: WaitOptions): Promise<TaskView> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const task = await showTask(control, id, signal);
    if ((task.state !== "waiting" && task.state !== "leased") || performance.now() > end) return task;
    await delay(pollMs, undefined, { signal });
  }
}

/** Renders a task with its result or error. */
export function describeTask(task: TaskView): string {
  const attempts = `attempt ${task.attempt} of ${task.maxAttempts}`;
  if (task.result !== undefined) {
    const { value, instance } = task.result;
    return `${indented(typeof value === "string" ? value : JSON.stringify(value))}\n(${task.id}: done by ${instance}, ${attempts})`;
  }
  return `${task.id}: ${task.state}, ${attempts}${task.error === undefined ? "" : `: ${indented(task.error)}`}`;
}

/** A text of an agent: its further lines cannot look like ours. */
function indented(text: string): string {
  return text.replace(/\r\n|[\r\n]/g, "\n  ");
}

/** The state of a task in a table. */
function stateOf(task: TaskView, unmatched: readonly string[]): string {
  if (task.state === "waiting" && unmatched.includes(selectorWord(task.selector))) return "waiting: no agent takes it";
  return task.error === undefined || task.state === "done" ? task.state : `${task.state}: ${task.error.slice(0, 60)}`;
}

function taskTable(tasks: readonly TaskView[], unmatched: readonly string[], now = Date.now()): string {
  return table(
    ["TASK", "SELECTOR", "STATE", "ATTEMPT", "AGE", "INSTANCE"],
    tasks.map((task) => [
      task.id,
      Object.entries(task.selector).map(([kind, name]) => `${kind} ${name}`)[0] ?? "",
      stateOf(task, unmatched),
      `${task.attempt}/${task.maxAttempts}`,
      duration(now - task.createdAt),
      task.result?.instance ?? task.holder?.instance ?? "-",
    ]),
    { drops: ["ATTEMPT", "AGE", "INSTANCE", "SELECTOR"] },
  );
}
