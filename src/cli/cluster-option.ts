import { type Command, InvalidArgumentError, Option } from "commander";
import { SwarmError } from "../errors.ts";
import { parseEmbeddedName, refuseEmbedded } from "../stacks/embedded.ts";
import { parseName } from "./cluster-name.ts";
import type { GlobalOptions } from "./context.ts";

/** The options of a command on a cluster. */
export interface ClusterOptions extends GlobalOptions {
  readonly cluster?: string;
  /** `project/stack/name` of an AgentCluster in a Pulumi program. */
  readonly stack?: string;
}

interface Reach {
  /** Whether the cluster may be the command's operand too: for commands that have no other one. */
  readonly operand?: boolean;
  /** Whether the command works on an AgentCluster of a Pulumi program, which only its program changes. */
  readonly embedded: boolean;
  /** What `--cluster` selects, for a command that lists more without it. */
  readonly selects?: string;
}

const chosen = "name of the cluster (default: SWARM_CLUSTER, `swarmctl use`, or the only one)";

const stackFlags = "--stack <project/stack/name>";

/** Adds what names the cluster of a command: `--cluster`, `--stack`, and an operand. `namedCluster` reads it. */
export function withCluster(command: Command, { operand = false, embedded, selects = chosen }: Reach): Command {
  if (operand) command.argument("[cluster]", "name of the cluster, as --cluster");
  command.option("--cluster <name>", selects);
  return command.addOption(embedded ? stackOption() : refusedStackOption());
}

function stackOption(): Option {
  const option = new Option(stackFlags, "an AgentCluster in a stack of a Pulumi program").argParser(parseStack);
  return option.conflicts("cluster");
}

/** Explains why the command cannot change an AgentCluster of a Pulumi program. */
function refusedStackOption(): Option {
  return new Option(stackFlags).hideHelp().argParser((text: string) => refuseEmbedded(parseStack(text)));
}

function parseStack(text: string): string {
  if (parseEmbeddedName(text) !== undefined) return text;
  throw new InvalidArgumentError(`"${text}" is not of the form project/stack/name, such as shop/dev/team`);
}

/** The options of a command that may create its cluster. */
export interface NewClusterOptions extends GlobalOptions {
  readonly cluster?: string;
  /** The option's former name. */
  readonly name?: string;
}

/** Adds what names the cluster of a command that may create it; `newClusterName` reads it. */
export function withNewCluster(command: Command, description: string): Command {
  return command
    .option("--cluster <name>", description, parseName)
    .addOption(new Option("--name <name>").hideHelp().argParser(parseName))
    .addOption(refusedStackOption());
}

/** @throws SwarmError SW801 when two are named */
export function newClusterName({ cluster, name }: NewClusterOptions): string | undefined {
  if (cluster === undefined || name === undefined || cluster === name) return cluster ?? name;
  throw new SwarmError("SW801", `two clusters are named: ${cluster} and ${name}`);
}

/** The cluster that the arguments of a command name. @throws SwarmError SW801 when they name two */
export function namedCluster(command: Command): string | undefined {
  const { cluster, stack } = command.optsWithGlobals<ClusterOptions>();
  const position = command.registeredArguments.findIndex((argument) => argument.name() === "cluster");
  const operand: unknown = position === -1 ? undefined : command.processedArgs[position];
  const names = [operand, cluster, stack].filter((name) => typeof name === "string");
  const [first, second] = [...new Set(names)];
  if (second !== undefined) throw new SwarmError("SW801", `two clusters are named: ${first} and ${second}`);
  return first;
}
