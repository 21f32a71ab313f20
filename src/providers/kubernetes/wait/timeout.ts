import { annotationOf, type KubeObject } from "../object.ts";

const defaultMs = 600_000;
const defaults: Readonly<Record<string, number>> = { PersistentVolumeClaim: 300_000 };

/**
 * Time-out for an object to become ready, in milliseconds: `customTimeouts` of the program, else the annotation
 * `pulumi.com/timeoutSeconds`, else the default of its kind.
 */
export function timeoutOf(object: KubeObject, customMs: number | undefined): number {
  const seconds = Number(annotationOf(object, "pulumi.com/timeoutSeconds"));
  if (customMs !== undefined) return customMs;
  return seconds > 0 ? seconds * 1000 : (defaults[String(object.kind)] ?? defaultMs);
}
