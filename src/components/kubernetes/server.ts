import type * as pulumi from "@pulumi/pulumi";
import type { Dependencies } from "./dependencies.ts";

/** A server of the agents inside the cluster. Its address is known, and in their pods, before it runs. */
export interface Server {
  readonly url: pulumi.Input<string>;
  /** @param after resources that are complete before its pods start, or stop */
  readonly createPods: (after: Dependencies) => pulumi.Resource;
}
