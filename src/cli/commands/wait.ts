import { Command } from "commander";
import { showTask } from "../../drivers/control/task-calls.ts";
import { SwarmError } from "../../errors.ts";
import { readActivity } from "../../lifecycle/reconcile/activity.ts";
import { resolveCluster } from "../../lifecycle/records/cluster-names.ts";
import { statusOf } from "../../lifecycle/records/cluster-repository.ts";
import { listRows, showOperation } from "../../lifecycle/records/journal.ts";
import { poll } from "../../platform/wait.ts";
import { refuseEmbedded } from "../../stacks/embedded.ts";
import { chooseCluster } from "../choose-cluster.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { viewCluster, withDriver } from "../clusters.ts";
import { type Context, createContext } from "../context.ts";
import { parseDuration } from "../durations.ts";
import { examples } from "../examples.ts";
import { duration } from "../output.ts";
import {
  judgeIdle,
  judgeOperation,
  judgeReady,
  judgeState,
  judgeTask,
  parseCondition,
  type Verdict,
  type WaitCondition,
} from "../wait/condition.ts";
import { wantedReplicas } from "../wanted-replicas.ts";

interface WaitOptions extends ClusterOptions {
  readonly for?: { readonly text: string; readonly condition: WaitCondition };
  readonly timeout: number;
}

const defaultMs = 600_000;
const lookMs = 500;

export function waitCommand(): Command {
  return withCluster(new Command("wait"), { operand: true, embedded: true })
    .option(
      "--for <condition>",
      "active, hibernated, destroyed, ready, idle, agent=NAME, instance=NAME, operation=ID or task=ID",
      (text: string) => ({ text, condition: parseCondition(text) }),
    )
    .option("--timeout <duration>", "how long to wait (30s, 5m); 0s looks once (default: 10m)", parseDuration)
    .addHelpText(
      "after",
      `${examples([
        "swarmctl wait marketing-v1 --for=ready --timeout 5m",
        "swarmctl wait --for=instance=content-creator-0",
        "swarmctl wait marketing-v1 --for=hibernated && echo asleep",
        "swarmctl wait --for=operation=op-01m80kak1b98h5s99rbqp1pvph --json",
      ])}

Conditions: active, hibernated and destroyed are states of a cluster. ready: all its instances run and respond; agent=NAME and
instance=NAME: those do. idle: no task is open and no agent works. operation=ID and task=ID: it has succeeded, or is done.
Exit status 0: the condition holds; 1: it does not at the end of the timeout, or never will.`,
    )
    .action(async (_cluster: string | undefined, _options: WaitOptions, command: Command) => {
      const options = command.optsWithGlobals<WaitOptions>();
      const context = createContext(options);
      if (options.for === undefined) {
        throw new SwarmError("SW801", "no condition given", { hints: ["swarmctl wait --for=ready"] });
      }
      const { text, condition } = options.for;
      const timeout = options.timeout ?? defaultMs;
      const look = await lookAt(context, condition, command);
      const began = performance.now();
      let last: Verdict = { verdict: "waiting", now: "it was not seen yet" };
      await poll(
        async () => {
          last = await look.see();
          return last.verdict === "waiting" ? undefined : last;
        },
        { deadlineMs: timeout, intervalMs: lookMs, signal: context.signal },
      );
      const met = last.verdict === "met";
      const waitedMs = Math.round(performance.now() - began);
      if (!met) process.exitCode = 1;
      const ended = last.verdict === "waiting" ? ` after ${duration(waitedMs)}` : "";
      context.output.result({ subject: look.subject, for: text, met, now: last.now, waitedMs }, () =>
        met ? `${look.subject}: ${text}` : `${look.subject}: not ${text}${ended}: ${last.now}`,
      );
    });
}

interface Look {
  /** What is looked at, for messages. */
  readonly subject: string;
  readonly see: () => Promise<Verdict>;
}

/** Prepares the looks at the subject of a condition. @throws SwarmError when there is no such subject */
async function lookAt(context: Context, condition: WaitCondition, command: Command): Promise<Look> {
  const { settings, signal } = context;
  const named = namedCluster(command);
  switch (condition.kind) {
    case "operation": {
      const { id } = condition;
      return { subject: id, see: async () => judgeOperation(await showOperation(settings, id)) };
    }
    case "task": {
      const { id } = condition;
      const show = async () => judgeTask(await withDriver(context, named, (driver) => showTask(driver, id, signal)));
      await show();
      return { subject: id, see: unlessSilent(show) };
    }
    case "state": {
      const isGoneFor = condition.state === "destroyed" && named !== undefined;
      const cluster = isGoneFor ? named : await chooseCluster(context, command);
      refuseEmbedded(cluster);
      return { subject: cluster, see: async () => judgeState(condition.state, await rowOf(context, cluster)) };
    }
    case "ready": {
      const cluster = await chooseCluster(context, command);
      const see = async () => {
        const view = await viewCluster(context, cluster);
        return judgeReady(condition, view?.status, view && wantedReplicas(view.record, view.status));
      };
      return { subject: cluster, see: unlessSilent(see) };
    }
    case "idle": {
      const cluster = await chooseCluster(context, command);
      const engine = await context.engine();
      const see = async () => {
        const { stack } = await resolveCluster(settings, cluster);
        return judgeIdle(await readActivity({ settings, engine, signal }, stack));
      };
      return { subject: cluster, see };
    }
    default:
      return condition satisfies never;
  }
}

/** The row of a cluster, or its state where only its stack records it. */
async function rowOf(context: Context, cluster: string) {
  const row = (await listRows(context.settings)).get(cluster);
  if (row !== undefined) return row;
  try {
    const view = await viewCluster(context, cluster);
    return view && { status: statusOf(view.record), statusReason: null };
  } catch (error) {
    if (error instanceof SwarmError && error.code === "SW605") return undefined;
    throw error;
  }
}

/** A target or server that does not answer may answer later. */
function unlessSilent(see: () => Promise<Verdict>): () => Promise<Verdict> {
  return async () => {
    try {
      return await see();
    } catch (error) {
      if (!(error instanceof SwarmError) || error.code !== "SW704") throw error;
      return { verdict: "waiting", now: error.message };
    }
  };
}
