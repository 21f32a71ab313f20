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

/** One dockerd of a suite's own, as `useServer`. */
export function useDocker(
  options: DockerOptions = {},
  prepare?: (docker: Docker) => Promise<Unavailable | undefined>,
): () => Docker {
  return useServer("dockerd", () => startDocker(options), prepare);
}

/** The dockerd of the run, with the images that swarmstack brings. A suite's clusters have names of their own in it. */
export function useSharedDocker(): () => DockerClient {
  return useAvailable("dockerd", async () => {
    const connection = inject("docker");
    return isUnavailable(connection) ? connection : attachDocker(connection);
  });
}
