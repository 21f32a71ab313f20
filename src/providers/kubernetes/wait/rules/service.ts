import { recordsAt, textAt } from "../../object.ts";
import { info, neverReady, ready, type WaitRule, waiting } from "../rule.ts";

/** A load balancer has an address; any other service is there at once. */
export const service: WaitRule = {
  timedOut: neverReady,
  judge({ object }) {
    const done = ready("Service initialization complete");
    if (textAt(object, "spec", "type") !== "LoadBalancer") return done;
    if (recordsAt(object, "status", "loadBalancer", "ingress").length > 0) return done;
    return waiting(
      [info("Waiting for the load balancer to get an address")],
      ["Service was not allocated an IP address; does your cloud provider support this?"],
    );
  },
};
