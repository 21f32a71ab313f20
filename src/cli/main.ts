import { CommanderError } from "commander";
import { type SwarmError, toSwarmError } from "../errors.ts";
import { createOutput } from "./output.ts";
import { createProgram } from "./program.ts";

const json = process.argv.includes("--json");

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await createProgram().exitOverride().parseAsync();
} catch (thrown) {
  // commander has printed its own message; help and version are no failure.
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode;
  else fail(toSwarmError(thrown));
}

function fail(error: SwarmError): void {
  const output = createOutput(json);
  process.exitCode = error.exitStatus;
  if (json) output.event({ error: error.toJSON() });
  output.note(`${output.style("red", `error ${error.code}`)}  ${error.message}`);
  for (const hint of error.hints) output.note(`  ${output.style("dim", "try")}  ${hint}`);
  // A stack is for our own bugs only.
  if (error.code === "SW900" && error.cause instanceof Error) output.note(error.cause.stack ?? "");
}
