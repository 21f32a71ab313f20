import { Command } from "commander";
import { checkStacks } from "../../stacks/doctor-stacks.ts";
import { checkSurroundings } from "../../stacks/doctor-surroundings.ts";
import { doctorEngine } from "../../stacks/engine/index.ts";
import { createReadingContext, type GlobalOptions } from "../context.ts";
import { examples } from "../examples.ts";
import { table } from "../table.ts";

export function doctorCommand(): Command {
  return new Command("doctor")
    .addHelpText("after", examples(["swarmctl doctor", "swarmctl doctor --json"]))
    .action(async (_options: GlobalOptions, command: Command) => {
      const { output, settings } = createReadingContext({
        ...command.optsWithGlobals<GlobalOptions>(),
        anyHome: true,
      });
      const { backend, env } = settings;
      const ofEngine = await doctorEngine({ env, backendUrl: backend.url });
      const checks = [...ofEngine, ...(await checkStacks(settings)), ...checkSurroundings(settings)];
      output.result({ checks, ok: checks.every((row) => row.status !== "fail") }, () =>
        table(
          ["CHECK", "STATUS", "DETAIL"],
          checks.map(({ check, status, detail, hint }) => [
            check,
            status,
            hint === undefined ? detail : `${detail} (${hint})`,
          ]),
        ),
      );
      if (checks.some((row) => row.status === "fail")) process.exitCode = 1;
    });
}
