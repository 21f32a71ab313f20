import { nameOf, numberAt, valueIn } from "../../object.ts";
import { conditionOf, described } from "../conditions.ts";
import { info, neverReady, ready, type WaitRule, waiting } from "../rule.ts";

/** It is complete. A suspended one is left to whoever suspended it. */
export const job: WaitRule = {
  timedOut: neverReady,
  judge({ object }) {
    const name = nameOf(object);
    if (conditionOf(object, "Complete")?.status === "True" || valueIn(object, "spec", "suspend") === true) {
      return ready("Job initialization complete");
    }
    const failed = conditionOf(object, "Failed");
    if (failed?.status === "True") return { state: "failed", messages: [], reasons: [described(failed)] };
    if (valueIn(object, "status", "startTime") === undefined)
      return waiting([info(`Waiting for Job "${name}" to start`)]);
    const count = (field: string) => numberAt(object, "status", field) ?? 0;
    const counts = `(Active: ${count("active")} | Succeeded: ${count("succeeded")} | Failed: ${count("failed")})`;
    return waiting([info(`Waiting for Job "${name}" to succeed ${counts}`)]);
  },
};
