import { Command } from "commander";
import { findLanguageHost } from "../../stacks/engine/index.ts";
import { needsLanguageHost, runPulumi } from "../../stacks/pulumi-command.ts";
import { createContext } from "../context.ts";
import { examples } from "../examples.ts";

export function pulumiCommand(): Command {
  return new Command("pulumi")
    .argument("[args...]", "arguments of the engine's command line")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .addHelpText("after", examples(["swarmctl pulumi preview --stack marketing-v1", "swarmctl pulumi stack ls"]))
    .action(async (args: string[]) => {
      const context = createContext({});
      const engine = await context.engine();
      const host = needsLanguageHost(args) ? await findLanguageHost(engine, { env: context.settings.env }) : undefined;
      const { settings, output } = context;
      process.exitCode = await runPulumi(args, { settings, engine, host, tell: output.note }, process.cwd());
    });
}
