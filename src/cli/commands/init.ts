import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { Command } from "commander";
import { SwarmError } from "../../errors.ts";
import { findProjectFile, namedPlugin, pluginPath, withPlugin } from "../../program/plugin-entry.ts";
import { examples } from "../examples.ts";
import { createOutput } from "../output.ts";

interface InitOptions {
  readonly pulumi?: boolean;
}

/** Prepares a user's Pulumi project for AgentCluster. */
export function initCommand(): Command {
  return new Command("init")
    .option("--pulumi", "add the swarmstack plugin to the nearest Pulumi.yaml")
    .addHelpText("after", examples(["swarmctl init --pulumi"]))
    .action(async ({ pulumi }: InitOptions) => {
      if (!pulumi) throw new SwarmError("SW801", "--pulumi is required", { hints: ["swarmctl init --pulumi"] });
      createOutput(false).note(await namePlugin(process.cwd()));
    });
}

async function namePlugin(from: string): Promise<string> {
  const file = findProjectFile(from);
  if (file === undefined) {
    throw new SwarmError("SW802", `no Pulumi.yaml in ${from} or a parent folder`, {
      hints: ["create a project: pulumi new typescript"],
    });
  }
  const shown = relative(from, file) || file;
  const path = pluginPath(file.replace(/[^/\\]+$/, ""));
  const text = await readFile(file, "utf8");
  if (namedPlugin(text) === path) return `${shown} already names the swarmstack plugin`;
  await writeFile(file, withPlugin(text, path));
  return `${shown}: added the swarmstack plugin (${path})`;
}
