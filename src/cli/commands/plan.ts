import { Command } from "commander";
import { stackOf } from "../../lifecycle/names.ts";
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
      const asked = await upRequest("preview", file, options);
      const request = { ...asked, cluster: await stackOf(settings, asked.cluster) };
      const engine = await requireEngine(context);
      const steps = new Map<string, Step>();
      const drift = new Map<string, Step["changes"]>();
      const result = await operate(request, {
        settings,
        engine,
        signal,
        onEvent(event) {
          if (event.type === "step" && event.phase === "done") {
            if (event.op in signs) steps.set(event.resource.urn, event);
            else if (event.op === "refresh") drift.set(event.resource.urn, event.changes);
          }
          if (event.type === "message" && event.severity !== "info") output.note(event.text);
        },
      });
      const changed = [...steps.values()].map((step) => planned(step, drift.get(step.resource.urn)));
      output.result(
        {
          ...result,
          cluster: asked.cluster,
          steps: changed.map(({ resource, ...step }) => ({ ...resource, ...step })),
        },
        () =>
          [...(changed.length === 0 ? [] : [rows(changed), ""]), `${asked.cluster}: ${text(result.changes)}`].join(
            "\n",
          ),
      );
      process.exitCode = hasChanges(result.changes) ? changesExit : 0;
    });
}

interface PlannedStep {
  readonly op: Step["op"];
  readonly resource: Step["resource"];
  readonly changes: Step["changes"];
  /** In what the real thing is not as it was recorded, where that is what the step repairs. */
  readonly drift: Step["changes"];
}

function planned({ op, resource, changes, differing = [] }: Step, found: Step["changes"] = []): PlannedStep {
  const names = new Set(differing.map(firstName));
  return { op, resource, changes, drift: found.filter(({ path }) => names.has(firstName(path))) };
}

/** @example firstName("labels[0].value") // "labels" */
function firstName(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? "";
}

function text(changes: Parameters<typeof summarise>[0]): string {
  return hasChanges(changes) ? summarise(changes, "future") : "no change";
}

function rows(steps: readonly PlannedStep[]): string {
  return table(
    ["", "RESOURCE", "KIND", "CHANGES"],
    steps.map(({ op, resource, changes, drift }) => [
      signs[op as keyof typeof signs],
      resource.name,
      kindOf(resource.type),
      changes.length === 0 && op === "update" ? `not as recorded: ${spell(drift) || "to repair"}` : spell(changes),
    ]),
  );
}

function spell(changes: Step["changes"]): string {
  return changes
    .map((change) => `${change.path} ${JSON.stringify(change.old)} -> ${JSON.stringify(change.new)}`)
    .join(", ");
}
