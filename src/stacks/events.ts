import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { changedProperties, type PropertyChange } from "./property-changes.ts";

/** A resource in progress events. */
export interface ResourceRef {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

export type StepOp = "same" | "create" | "update" | "delete" | "replace" | "read" | "refresh";

/** Events of a running engine: typed, JSON, without secrets. */
export type EngineRunEvent =
  | { readonly type: "step"; readonly phase: "started"; readonly op: StepOp; readonly resource: ResourceRef }
  | {
      readonly type: "step";
      readonly phase: "done";
      readonly op: StepOp;
      readonly resource: ResourceRef;
      /** Changes of the inputs; for a refresh, detected drift. */
      readonly changes: readonly PropertyChange[];
      /** Properties that differ from the program; not every provider reports them. */
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

/** Engine steps by name. Of a replacement only the create is included, so that it counts once. */
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
  // A resource that is gone is created again and reported as such.
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
  // The plugin in use was reported before the engine started.
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
