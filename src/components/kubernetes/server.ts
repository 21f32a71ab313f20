import type * as pulumi from "@pulumi/pulumi";
import type { Dependencies } from "./dependencies.ts";

/** What agents speak to inside of the cluster. Its address is known, and in their pods, before it runs. */
export interface Server {
  readonly url: pulumi.Input<string>;
  /** @param after what has to be done before its pods come, or go */
  readonly createPods: (after: Dependencies) => pulumi.Resource;
}
