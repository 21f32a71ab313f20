import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { changedProperties, type PropertyChange } from "./property-changes.ts";

/** A resource as progress speaks of it. */
export interface ResourceRef {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

export type StepOp = "same" | "create" | "update" | "delete" | "replace" | "read" | "refresh";

/** What an operation tells while it runs: typed, JSON, and without secrets. */
export type EngineRunEvent =
  | { readonly type: "step"; readonly phase: "started"; readonly op: StepOp; readonly resource: ResourceRef }
  | {
      readonly type: "step";
      readonly phase: "done";
      readonly op: StepOp;
      readonly resource: ResourceRef;
      /** Of the inputs; of a refresh, what it found otherwise than recorded. */
      readonly changes: readonly PropertyChange[];
      /** Names of the properties in which the real thing is not as the program wants it; a provider need not tell. */
      readonly differing?: readonly string[];
    }
  | { readonly type: "step"; readonly phase: "failed"; readonly op: StepOp; readonly resource: ResourceRef }
  | {
      readonly type: "message";
      readonly severity: "info" | "warning" | "error";
      readonly text: string;
      readonly resource: ResourceRef | undefined;
      /** Replaced by the next message of the same resource; empty clears it. */
      readonly ephemeral: boolean;
    }
  | { readonly type: "summary"; readonly durationMs: number };

/** The engine's steps; those of a replacement that are not its create are left out, so that it counts once. */
const ops: Readonly<Record<string, StepOp>> = {
  same: "same",
  create: "create",
  update: "update",
  delete: "delete",
  "create-replacement": "replace",
  read: "read",
  "read-replacement": "read",
  refresh: "refresh",
  import: "create",
  "import-replacement": "replace",
};

/**
 * Converts an engine event; undefined for those that are not shown: debug diagnostics (they hold secrets in plain text),
 * default providers, the stack itself.
 */
export function toOperationEvent(event: EngineEvent): EngineRunEvent | undefined {
  if (event.resourcePreEvent) return step(event.resourcePreEvent.metadata, "started");
  if (event.resOutputsEvent) return step(event.resOutputsEvent.metadata, "done");
  if (event.resOpFailedEvent) return step(event.resOpFailedEvent.metadata, "failed");
  if (event.diagnosticEvent) return message(event.diagnosticEvent);
  if (event.summaryEvent) {
    return { type: "summary", durationMs: event.summaryEvent.durationSeconds * 1000 };
  }
  return undefined;
}

type Metadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

function step(metadata: Metadata, phase: "started" | "done" | "failed"): EngineRunEvent | undefined {
  const resource = describe(metadata.urn);
  const op = ops[metadata.op];
  if (op === undefined || resource === undefined) return undefined;
  if (phase !== "done") return { type: "step", phase, op, resource };
  const changes = changesOf(op, metadata);
  const { diffs } = metadata;
  return { type: "step", phase, op, resource, changes, ...(op === "update" && diffs?.length && { differing: diffs }) };
}

function changesOf(op: StepOp, { old, new: next }: Metadata): readonly PropertyChange[] {
  if (op === "update" || op === "replace") return changedProperties(old?.inputs ?? {}, next?.inputs ?? {});
  // What is gone is created again, and told so.
  return op === "refresh" && old && next ? changedProperties(old.outputs, next.outputs) : [];
}

function message(event: NonNullable<EngineEvent["diagnosticEvent"]>): EngineRunEvent | undefined {
  const text = event.message.replace(/<\{%[^%]*%\}>/g, "").trimEnd();
  const resource = event.urn === undefined || event.urn === "" ? undefined : describe(event.urn);
  const ephemeral = event.ephemeral ?? false;
  const severity = event.severity.startsWith("info") ? "info" : event.severity;
  // Debug diagnostics print every property in plaintext (the severity is not in the SDK's types).
  if (severity !== "info" && severity !== "warning" && severity !== "error") return undefined;
  if (text === "" && !ephemeral) return undefined;
  // Which plugin is used, and why, was said before the engine began.
  if (/^using pulumi-resource-[\w-]+ from \$PATH at /.test(text)) return undefined;
  return { type: "message", severity, text, resource, ephemeral };
}

/** Undefined for providers and for the stack. */
function describe(urn: string): ResourceRef | undefined {
  const [, , chain = "", ...name] = urn.split("::");
  const type = chain.slice(chain.lastIndexOf("$") + 1);
  if (type === "" || type.startsWith("pulumi:")) return undefined;
  return { urn, type, name: name.join("::") };
}
