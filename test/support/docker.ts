import { type Docker, type DockerOptions, startDocker } from "../../tools/docker/docker.ts";
import type { Unavailable } from "../../tools/services/service.ts";
import { useServer } from "./use-server.ts";

/** One dockerd, as `useServer`. */
export function useDocker(
  options: DockerOptions = {},
  prepare?: (docker: Docker) => Promise<Unavailable | undefined>,
): () => Docker {
  return useServer("dockerd", () => startDocker(options), prepare);
}
