import { Command } from "commander";
import { findLanguageHost } from "../../stacks/engine/index.ts";
import { shellEnvironment } from "../../stacks/pulumi-environment.ts";
import { createContext, type GlobalOptions } from "../context.ts";
import { examples } from "../examples.ts";

export function shellenvCommand(): Command {
  return new Command("shellenv")
    .addHelpText("after", examples(['eval "$(swarmctl shellenv)" && pulumi stack ls --all']))
    .action(async (_options: GlobalOptions, command: Command) => {
      const context = createContext(command.optsWithGlobals<GlobalOptions>());
      const engine = await context.engine();
      const host = await findLanguageHost(engine, { env: context.settings.env });
      const variables = await shellEnvironment(context.settings, engine, host);
      context.output.result(variables, () =>
        Object.entries(variables)
          .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
          .join("\n"),
      );
    });
}
