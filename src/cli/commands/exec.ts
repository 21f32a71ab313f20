import { constants } from "node:os";
import { Command } from "commander";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { withDriver } from "../clusters.ts";
import { createContext } from "../context.ts";
import { examples } from "../examples.ts";

export function execCommand(): Command {
  return withCluster(new Command("exec"), { embedded: true })
    .argument("<instance>", "an instance (content-creator-0)")
    .argument("<command...>", "program and arguments")
    .passThroughOptions()
    .addHelpText(
      "after",
      examples(["swarmctl exec content-creator-0 env", "swarmctl exec --cluster q1 writer-0 sh -c 'ls'"]),
    )
    .action(async (instance: string, words: string[], _options: ClusterOptions, command: Command) => {
      const context = createContext({});
      const { exit, signal } = await withDriver(context, namedCluster(command), (driver) =>
        driver.exec(instance, words, {
          onStdout: (bytes) => process.stdout.write(bytes),
          onStderr: (bytes) => process.stderr.write(bytes),
          signal: context.signal,
        }),
      );
      process.exitCode = exit ?? 128 + (signal !== null && isSignal(signal) ? constants.signals[signal] : 0);
    });
}

function isSignal(name: string): name is NodeJS.Signals {
  return name in constants.signals;
}
