import { Command } from "commander";
import type { OperationEvent } from "../../stacks/events.ts";
import { operate } from "../../stacks/operate.ts";
import { hasChanges } from "../../stacks/operation.ts";
import { createContext, requireEngine } from "../context.ts";
import { table } from "../output.ts";
import { kindOf } from "../resource-kind.ts";
import { summarise } from "../summary.ts";
import { examples, type UpOptions, upRequest, withUpOptions } from "./up.ts";

type Step = Extract<OperationEvent, { type: "step"; phase: "done" }>;

const signs = { create: "+", update: "~", replace: "±", delete: "-" } as const;
const changesExit = 2;

export function planCommand(): Command {
  return withUpOptions(new Command("plan"))
    .description("show what `up` would do; exit status 0 no change, 2 changes, 1 error")
    .addHelpText(
      "after",
      examples(["swarmctl plan blueprints/marketing.yaml", "swarmctl plan team.yaml --json | jq .changes"]),
    )
    .action(async (file: string, _options: UpOptions, command: Command) => {
      const options = command.optsWithGlobals<UpOptions>();
      const context = createContext(options);
      const { output, settings, signal } = context;
      const request = await upRequest("preview", file, options);
      const engine = await requireEngine(context);
      const steps = new Map<string, Step>();
      const result = await operate(request, {
        settings,
        engine,
        signal,
        onEvent(event) {
          if (event.type === "step" && event.phase === "done" && event.op in signs)
            steps.set(event.resource.urn, event);
          if (event.type === "message" && event.severity !== "info") output.note(event.text);
        },
      });
      const changed = [...steps.values()];
      output.result(
        { ...result, steps: changed.map(({ op, resource, changes }) => ({ op, ...resource, changes })) },
        () =>
          [...(changed.length === 0 ? [] : [rows(changed), ""]), `${result.cluster}: ${text(result.changes)}`].join(
            "\n",
          ),
      );
      process.exitCode = hasChanges(result.changes) ? changesExit : 0;
    });
}

function text(changes: Parameters<typeof summarise>[0]): string {
  return hasChanges(changes) ? summarise(changes, "future") : "no change";
}

function rows(steps: readonly Step[]): string {
  return table(
    ["", "RESOURCE", "KIND", "CHANGES"],
    steps.map(({ op, resource, changes }) => [
      signs[op as keyof typeof signs],
      resource.name,
      kindOf(resource.type),
      changes.length === 0 && op === "update"
        ? "not as recorded: to repair"
        : changes
            .map((change) => `${change.path} ${JSON.stringify(change.old)} -> ${JSON.stringify(change.new)}`)
            .join(", "),
    ]),
  );
}
