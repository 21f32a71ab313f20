import * as pulumi from "@pulumi/pulumi";

/** Resources that come first; which ones there are may be known only with the wish. */
export type Dependencies = pulumi.Input<pulumi.Resource[]>;

export function allOf(...parts: readonly Dependencies[]): pulumi.Output<pulumi.Resource[]> {
  return pulumi.all([...parts]).apply((lists) => lists.flat());
}
