import { Command } from "commander";
import { packageVersion } from "../../version.ts";
import { createOutput } from "../output.ts";

export function versionCommand(): Command {
  return new Command("version").action((_options: object, command: Command) => {
    const output = createOutput(command.optsWithGlobals<{ json?: boolean }>().json ?? false);
    const versions = { swarmstack: packageVersion(), node: process.versions.node };
    output.result(versions, () => `swarmctl ${versions.swarmstack} (Node ${versions.node})`);
  });
}
