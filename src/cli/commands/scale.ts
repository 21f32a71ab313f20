import { Command, InvalidArgumentError } from "commander";
import { SwarmError } from "../../errors.ts";
import { chooseCluster } from "../choose-cluster.ts";
import { type ClusterOptions, withCluster } from "../cluster-option.ts";
import { createContext } from "../context.ts";
import { parseCount, parseDuration } from "../durations.ts";
import { examples } from "../examples.ts";
import { report, showing } from "../lifecycle.ts";

interface ScaleOptions extends ClusterOptions {
  readonly to?: number;
  readonly role?: Readonly<Record<string, number>>;
  readonly for?: number;
  readonly wait: number | false;
}

const defaultWaitMs = 600_000;

export function scaleCommand(): Command {
  return withCluster(new Command("scale"), { operand: true, embedded: false })
    .option("--to <n>", "size of the cluster", parseCount)
    .option("--role <role=n>", "size of a role or an agent; repeatable", parseRole)
    .option(
      "--for <duration>",
      "how long an autoscaler leaves this size alone (default: until autoscale resume)",
      parseDuration,
    )
    .option("--wait <duration>", "how long to wait for another operation on this cluster (default: 10m)", parseDuration)
    .option("--no-wait", "fail at once while another operation is running")
    .addHelpText(
      "after",
      `${examples(["swarmctl scale marketing-v1 --to 8", "swarmctl scale marketing-v1 --role worker=5 --for 30m"])}

Requests that wait for the same cluster are coalesced into one update.`,
    )
    .action(async (_cluster: string | undefined, _options: ScaleOptions, command: Command) => {
      const options = command.optsWithGlobals<ScaleOptions>();
      const { to, role: roles = {}, wait } = options;
      if (to === undefined && Object.keys(roles).length === 0) {
        throw new SwarmError("SW801", "no size given: use --to N or --role ROLE=N");
      }
      const context = createContext(options);
      const cluster = await chooseCluster(context, command);
      const pin = options.for === undefined ? {} : { until: Date.now() + options.for };
      const waitMs = wait === false ? 0 : typeof wait === "number" ? wait : defaultWaitMs;
      report(
        context,
        await showing(context, { verb: "operation", kind: "scale", cluster, waitMs, input: { to, roles, pin } }),
      );
    });
}

function parseRole(text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> {
  const [, role, count] = /^([\w-]+)=(\d+)$/.exec(text) ?? [];
  if (role === undefined) throw new InvalidArgumentError(`"${text}" is not of the form ROLE=N`);
  return { ...before, [role]: Number(count) };
}
