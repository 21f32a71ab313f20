import type * as pulumi from "@pulumi/pulumi";

/** Resolves when the engine has registered a resource. */
export function registered({ urn }: pulumi.Resource): Promise<unknown> {
  return new Promise((resolve) => urn.apply(resolve));
}
