import * as pulumi from "@pulumi/pulumi";

/** Resources that come first; which ones exist may depend on the desired state. */
export type Dependencies = pulumi.Input<pulumi.Resource[]>;

export function allOf(...parts: readonly Dependencies[]): pulumi.Output<pulumi.Resource[]> {
  return pulumi.all([...parts]).apply((lists) => lists.flat());
}
