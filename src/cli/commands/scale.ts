import { Command, InvalidArgumentError } from "commander";
import { SwarmError } from "../../errors.ts";
import { createContext, type GlobalOptions } from "../context.ts";
import { parseCount, parseDuration } from "../durations.ts";
import { withoutStack } from "../embedded.ts";
import { report, showing } from "../lifecycle.ts";
import { examples } from "./up.ts";

interface ScaleOptions extends GlobalOptions {
  readonly to?: number;
  readonly role: Readonly<Record<string, number>>;
  readonly wait: number | false;
}

const defaultWaitMs = 600_000;

export function scaleCommand(): Command {
  return withoutStack(new Command("scale"))
    .description("change how many agents a cluster has; whoever has to go finishes its task first")
    .argument("<cluster>", "name of a cluster")
    .option("--to <n>", "size of the whole cluster", parseCount)
    .option("--role <role=n>", "size of a role, or of one agent; can be given several times", parseRole, {})
    .option("--wait <duration>", "wait so long for another operation on this cluster (default: 10m)", parseDuration)
    .option("--no-wait", "refuse at once while somebody else is at work")
    .addHelpText(
      "after",
      `${examples(["swarmctl scale marketing-v1 --to 8", "swarmctl scale marketing-v1 --role worker=5"])}

Wishes that wait for the same cluster share one update.`,
    )
    .action(async (cluster: string, _options: ScaleOptions, command: Command) => {
      const options = command.optsWithGlobals<ScaleOptions>();
      const { to, role: roles, wait } = options;
      if (to === undefined && Object.keys(roles).length === 0) {
        throw new SwarmError("SW801", "scale to what? Give --to N or --role ROLE=N");
      }
      const context = createContext(options);
      const waitMs = wait === false ? 0 : typeof wait === "number" ? wait : defaultWaitMs;
      report(
        context,
        await showing(context, { verb: "operation", kind: "scale", cluster, waitMs, input: { to, roles } }),
      );
    });
}

function parseRole(text: string, before: Readonly<Record<string, number>>): Record<string, number> {
  const [, role, count] = /^([\w-]+)=(\d+)$/.exec(text) ?? [];
  if (role === undefined) throw new InvalidArgumentError(`"${text}" is not ROLE=N`);
  return { ...before, [role]: Number(count) };
}
