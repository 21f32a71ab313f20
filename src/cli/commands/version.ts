import { Command } from "commander";
import { packageVersion } from "../../version.ts";
import { createContext, type GlobalOptions } from "../context.ts";

export function versionCommand(): Command {
  return new Command("version")
    .description("print the versions of swarmstack and Node.js")
    .action((_options: GlobalOptions, command: Command) => {
      const { output } = createContext(command.optsWithGlobals<GlobalOptions>());
      const versions = { swarmstack: packageVersion(), node: process.versions.node };
      output.result(versions, () => `swarmctl ${versions.swarmstack} (Node ${versions.node})`);
    });
}
