import type { EngineRunEvent } from "../../stacks/events.ts";

type Done = Extract<EngineRunEvent, { type: "step"; phase: "done" }>;

/** The planned change of one resource. */
export interface PlannedStep {
  readonly op: PlannedOp;
  readonly resource: Done["resource"];
  readonly changes: Done["changes"];
  /** Properties whose actual values differ from the recorded ones, where the step repairs them. */
  readonly drift: Done["changes"];
}

const plannedOps = ["create", "update", "replace", "delete"] as const;
export type PlannedOp = (typeof plannedOps)[number];

/** Collects the planned steps from the events of a preview. */
export class PlannedSteps {
  readonly #steps = new Map<string, Done & { readonly op: PlannedOp }>();
  readonly #found = new Map<string, Done["changes"]>();

  hear(event: EngineRunEvent): void {
    if (event.type !== "step" || event.phase !== "done") return;
    const op = plannedOps.find((planned) => planned === event.op);
    if (op !== undefined) this.#steps.set(event.resource.urn, { ...event, op });
    else if (event.op === "refresh") this.#found.set(event.resource.urn, event.changes);
  }

  list(): readonly PlannedStep[] {
    return [...this.#steps.values()].map(({ op, resource, changes, differing = [] }) => {
      const names = new Set(differing.map(firstName));
      const found = this.#found.get(resource.urn) ?? [];
      return { op, resource, changes, drift: found.filter(({ path }) => names.has(firstName(path))) };
    });
  }
}

/** @example firstName("labels[0].value") // "labels" */
function firstName(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? "";
}

/** Returns the kind at the end of a type token. @example kindOf("kubernetes:apps/v1:Deployment") // "Deployment" */
export function kindOf(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}
