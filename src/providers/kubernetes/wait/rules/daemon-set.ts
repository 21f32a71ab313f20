import { numberAt } from "../../object.ts";
import { isObserved } from "../conditions.ts";
import { info, neverReady, ready, type WaitRule, waiting } from "../rule.ts";

/** Every node that shall have a pod has an available one of the newest template. */
export const daemonSet: WaitRule = {
  timedOut: neverReady,
  judge({ object }) {
    const status = (field: string) => numberAt(object, "status", field) ?? 0;
    const wanted = status("desiredNumberScheduled");
    const up = Math.min(status("updatedNumberScheduled"), status("numberAvailable"));
    if (isObserved(object) && up >= wanted) return ready("DaemonSet initialization complete");
    return waiting(
      [info(`Waiting for DaemonSet Pods to be available (${up}/${wanted} Pods available)`)],
      [`${up} out of ${wanted} Pods are available`],
    );
  },
};
