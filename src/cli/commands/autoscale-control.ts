import { hostname, userInfo } from "node:os";
import { Command } from "commander";
import { pinsOf } from "../../lifecycle/records/cluster-repository.ts";
import { withRecords } from "../../lifecycle/records/with-records.ts";
import { wholeCluster } from "../../store/scaling-pauses.ts";
import { rowOf } from "../autoscale/row.ts";
import { chooseCluster } from "../choose-cluster.ts";
import { type ClusterOptions, withCluster } from "../cluster-option.ts";
import { createContext, createReadingContext } from "../context.ts";
import { parseCount, parseDuration } from "../durations.ts";
import { examples } from "../examples.ts";
import { report, showing, withWait } from "../lifecycle.ts";

interface PauseOptions extends ClusterOptions {
  readonly agent?: string;
  readonly for?: number;
  readonly reason?: string;
}

export function pauseCommand(): Command {
  return withCluster(new Command("pause").option("--json", "print JSON for scripts"), {
    ...{ operand: true, embedded: false },
  })
    .description("leave the counts of a cluster alone: decisions are shown, not written")
    .option("--agent <key>", "only the count of this agent")
    .option("--for <duration>", "how long (30m; default: until autoscale resume)", parseDuration)
    .option("--reason <text>", "why, for others")
    .addHelpText(
      "after",
      examples(["swarmctl autoscale pause marketing-v1 --for 30m", "swarmctl autoscale pause --agent content-creator"]),
    )
    .action(async (_cluster: string | undefined, _options: PauseOptions, command: Command) => {
      const options = command.optsWithGlobals<PauseOptions>();
      const context = createReadingContext(options);
      const cluster = await chooseCluster(context, command);
      const { agent = wholeCluster, reason = null } = options;
      const until = options.for === undefined ? null : Date.now() + options.for;
      const actor = `${userInfo().username}@${hostname()}`;
      await withRecords(context.settings, async (store) => {
        const { id: clusterId } = await rowOf(store, cluster);
        await store.scalingPauses.pause({ clusterId, agent, actor, reason, until });
      });
      const whose = agent === wholeCluster ? cluster : `${agent} of ${cluster}`;
      const end = until === null ? "until swarmctl autoscale resume" : `until ${new Date(until).toISOString()}`;
      context.output.result({ cluster, agent: agent || null, until }, () => `${whose} is not scaled ${end}`);
    });
}

interface ResumeOptions extends ClusterOptions {
  readonly agent?: string;
  readonly wait?: number;
}

export function resumeCommand(): Command {
  return withCluster(withWait(new Command("resume")).option("--json", "print JSON for scripts"), {
    ...{ operand: true, embedded: false },
  })
    .description("end the pauses of a cluster, and release the counts that people set with scale or force")
    .option("--agent <key>", "only those of this agent")
    .addHelpText(
      "after",
      examples(["swarmctl autoscale resume marketing-v1", "swarmctl autoscale resume --agent content-creator"]),
    )
    .action(async (_cluster: string | undefined, _options: ResumeOptions, command: Command) => {
      const options = command.optsWithGlobals<ResumeOptions>();
      const context = createContext(options);
      const cluster = await chooseCluster(context, command);
      const { agent, wait: waitMs = 0 } = options;
      const { ended, pinned } = await withRecords(context.settings, async (store) => {
        const row = await rowOf(store, cluster);
        const pins = Object.keys(pinsOf(row)).filter((key) => agent === undefined || key === agent);
        return { ended: await store.scalingPauses.resume(row.id, agent ?? wholeCluster), pinned: pins };
      });
      if (pinned.length > 0) {
        report(
          context,
          await showing(context, { verb: "operation", kind: "unpin", cluster, waitMs, input: { agents: pinned } }),
        );
        return;
      }
      context.output.result({ cluster, pauses: ended, released: pinned }, () =>
        ended === 0 ? `nothing of ${cluster} was paused` : `${cluster} is scaled again`,
      );
    });
}

interface ForceOptions extends ClusterOptions {
  readonly for?: number;
  readonly wait?: number;
}

export function forceCommand(): Command {
  return withCluster(withWait(new Command("force")).option("--json", "print JSON for scripts"), { embedded: false })
    .description("set the count of an agent, which the autoscaler then leaves alone")
    .argument("<agent>", "key of an agent")
    .argument("<count>", "number of instances", parseCount)
    .option("--for <duration>", "how long (30m; default: until autoscale resume)", parseDuration)
    .addHelpText("after", examples(["swarmctl autoscale force content-creator 3 --for 30m"]))
    .action(async (agent: string, count: number, _options: ForceOptions, command: Command) => {
      const options = command.optsWithGlobals<ForceOptions>();
      const context = createContext(options);
      const cluster = await chooseCluster(context, command);
      const pin = options.for === undefined ? {} : { until: Date.now() + options.for };
      const input = { roles: { [agent]: count }, pin };
      const waitMs = options.wait ?? 0;
      report(context, await showing(context, { verb: "operation", kind: "scale", cluster, waitMs, input }));
    });
}
