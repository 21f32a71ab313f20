import { type Command, CommanderError } from "commander";
import { SwarmError, toSwarmError } from "../errors.ts";
import { guardOutput } from "./lost-output.ts";
import { createOutput } from "./output.ts";
import { createProgram } from "./program.ts";

const json = process.argv.includes("--json");

guardOutput(process.argv.slice(2));

try {
  await throwing(await createProgram(process.argv.slice(2))).parseAsync();
} catch (thrown) {
  if (thrown instanceof CommanderError) misuse(thrown);
  else fail(toSwarmError(thrown));
}

/** Makes a command and its subcommands throw on misuse; commander does not inherit this setting. */
function throwing(command: Command): Command {
  for (const below of command.commands) throwing(below);
  return command.exitOverride();
}

/** Reports misuse of a command; commander has already printed its message, and help and version exit with 0. */
function misuse({ exitCode, message }: CommanderError): void {
  process.exitCode = exitCode;
  if (!json || exitCode === 0) return;
  createOutput(json).event({ error: new SwarmError("SW801", message.replace(/^error: /, "")).toJSON() });
}

function fail(error: SwarmError): void {
  const output = createOutput(json);
  process.exitCode = error.exitStatus;
  if (json) output.event({ error: error.toJSON() });
  output.note(`${output.style("red", `error ${error.code}`)}  ${error.message}`);
  for (const hint of error.hints) output.note(`  ${output.style("dim", "try")}  ${hint}`);
  // Only a bug in swarmstack prints a stack.
  if (error.code === "SW900" && error.cause instanceof Error) output.note(error.cause.stack ?? "");
}
