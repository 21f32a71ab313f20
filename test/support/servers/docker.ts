import { inject } from "vitest";
import {
  attachDocker,
  type Docker,
  type DockerClient,
  type DockerOptions,
  startDocker,
} from "../../../tools/docker/docker.ts";
import type { Unavailable } from "../../../tools/services/service.ts";
import { isUnavailable } from "./required.ts";
import { useAvailable, useServer } from "./use-server.ts";

/** Starts a separate dockerd for a suite, as `useServer` does. */
export function useDocker(
  options: DockerOptions = {},
  prepare?: (docker: Docker) => Promise<Unavailable | undefined>,
): () => Docker {
  return useServer("dockerd", () => startDocker(options), prepare);
}

/** Uses the run's dockerd with the swarmstack images; clusters need unique names. */
export function useSharedDocker(): () => DockerClient {
  return useAvailable("dockerd", async () => {
    const connection = inject("docker");
    return isUnavailable(connection) ? connection : attachDocker(connection);
  });
}
