import type Docker from "dockerode";
import type { DockerAddress } from "../../docker-host/address.ts";
import { callingDocker, connectDocker, DockerFailure } from "../../docker-host/connect.ts";
import { SwarmError } from "../../errors.ts";
import type { CallContext } from "../base/resource.ts";
import type { ContainerOwner } from "./owner.ts";
import type { DockerProviderSettings, RegistryAuth } from "./settings.ts";

/** The docker daemon that a provider resource is configured for. */
export interface Daemon {
  readonly address: DockerAddress;
  readonly registries: readonly RegistryAuth[];
  /**
   * Makes a request.
   *
   * @throws DockerFailure with the daemon's error message, SwarmError SW614 when it does not answer
   */
  ask<Answer>(question: (client: Docker) => Promise<Answer>): Promise<Answer>;
  owner(context: Pick<CallContext, "urn">): ContainerOwner;
}

/** @param provider id of the provider resource */
export function openDaemon({ address, registries }: DockerProviderSettings, provider: string | undefined): Daemon {
  let client: Promise<Docker> | undefined;
  return {
    address,
    registries,
    ask: (question) =>
      callingDocker(address, async () => {
        client ??= connectDocker(address);
        return await question(await client);
      }),
    owner: ({ urn }) => ({ urn, provider }),
  };
}

const isStatus = (error: unknown, status: number) => error instanceof DockerFailure && error.status === status;

export const isGone = (error: unknown) => isStatus(error, 404);
export const isConflict = (error: unknown) => isStatus(error, 409);

/** Undefined if the object does not exist. */
export async function orGone<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Converts the daemon's refusal of a change into an error that names the change. */
function refusal(what: string, error: unknown): unknown {
  if (!(error instanceof DockerFailure)) return error;
  const isFull = error.message.includes("no space left on device");
  return new SwarmError("SW738", `${what}: ${error.message.trim()}`, {
    cause: error,
    ...(isFull && { hints: ["the disk of the docker host is full: docker system df shows of what"] }),
    values: { status: error.status },
  });
}

/** Runs a change of the daemon. @throws SwarmError SW738 where it refuses */
export async function changing<Answer>(what: string, change: Promise<Answer>): Promise<Answer> {
  try {
    return await change;
  } catch (error) {
    throw refusal(what, error);
  }
}
