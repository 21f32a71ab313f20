import { type KubeObject, nameOf, textAt } from "../../object.ts";
import { info, ready, type WaitRule, waiting, warning } from "../rule.ts";

/** It is bound; a claim whose class waits for a first consumer is none of the update's business. */
export const claim: WaitRule = {
  timedOut: (name) => `Timeout occurred polling for '${name}'`,
  events: true,
  judge({ object, events }) {
    if (textAt(object, "status", "phase") === "Bound" || waitsForConsumer(events)) return ready();
    const name = nameOf(object);
    if (textAt(object, "spec", "storageClassName") === undefined) {
      return waiting([warning(`no storage class found for "${name}"`)]);
    }
    return waiting([info(`Waiting for PersistentVolumeClaim "${name}" to be bound`)]);
  },
};

/** The controller says so within a moment, and again and again. */
function waitsForConsumer(events: readonly KubeObject[]): boolean {
  return events.some((event) => event.reason === "WaitForFirstConsumer");
}
