import type * as pulumi from "@pulumi/pulumi";

/** Until the engine has done with a resource. */
export function registered({ urn }: pulumi.Resource): Promise<unknown> {
  return new Promise((resolve) => urn.apply(resolve));
}
