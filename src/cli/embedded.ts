import { type Command, InvalidArgumentError, Option } from "commander";
import { parseEmbeddedName, refuseEmbedded } from "../stacks/embedded.ts";

export interface StackOption {
  /** `project/stack/name` of an AgentCluster in a Pulumi program. */
  readonly stack?: string;
}

const flags = "--stack <project/stack/name>";

/** Adds the option that selects an AgentCluster of a Pulumi program. */
export function withStack(command: Command): Command {
  const option = new Option(flags, "an AgentCluster in a stack of a Pulumi program").argParser(parseStack);
  return command.addOption(option.conflicts("cluster"));
}

/** Adds a hidden `--stack` that explains why the command cannot change an AgentCluster of a Pulumi program. */
export function withoutStack(command: Command): Command {
  const option = new Option(flags).hideHelp().argParser((text: string) => refuseEmbedded(parseStack(text)));
  return command.addOption(option);
}

function parseStack(text: string): string {
  if (parseEmbeddedName(text) !== undefined) return text;
  throw new InvalidArgumentError(`"${text}" is not of the form project/stack/name, such as shop/dev/team`);
}
