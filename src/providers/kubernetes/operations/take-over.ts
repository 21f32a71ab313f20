import { valueAt } from "../../../platform/json.ts";
import { isConflict } from "../cluster/failures.ts";
import type { Objects } from "../cluster/objects.ts";
import type { Reference } from "../cluster/reference.ts";
import { managedFieldsOf, takeOver } from "../fields/managers.ts";
import type { KubeObject } from "../object.ts";

const attempts = 5;

/** Moves created and manually edited fields to our manager before an apply. Guarded by the resource version. */
export async function takeOverFields(
  live: KubeObject,
  manager: string,
  { objects, reference, signal }: { objects: Objects; reference: Reference; signal: AbortSignal },
): Promise<void> {
  let current = live;
  for (let attempt = 1; ; attempt++) {
    const managedFields = takeOver(managedFieldsOf(current), manager);
    if (managedFields === undefined) return;
    const resourceVersion = valueAt(current, ["metadata", "resourceVersion"]);
    try {
      await objects.mergePatch(reference, { metadata: { managedFields, resourceVersion } });
      return;
    } catch (error) {
      if (!isConflict(error) || attempt === attempts) throw error;
      current = await objects.get(reference, signal);
    }
  }
}
