import type { DockerAddress } from "../../../docker-host/address.ts";

/** Where a cluster is on a docker host. */
export interface DockerPlace {
  readonly address: DockerAddress;
  /** Beginning of the names of its resources, and value of its containers' label. */
  readonly resource: string;
}
