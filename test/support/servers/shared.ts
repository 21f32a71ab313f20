import type { TestProject } from "vitest/node";
import {
  type ControlPlaneConnection,
  isAvailable,
  startControlPlane,
} from "../../../tools/control-plane/control-plane.ts";
import { type DockerConnection, isDocker, startDocker } from "../../../tools/docker/docker.ts";
import { isProcessNode, startProcessNode } from "../../../tools/process-node/process-node.ts";
import { startPostgres } from "../../../tools/services/postgres.ts";
import { startRedis } from "../../../tools/services/redis.ts";
import { isAvailable as isService, type Service, type Unavailable } from "../../../tools/services/service.ts";
import { toldNowAndThen } from "../told.ts";
import { ourImages } from "./docker-images.ts";
import { requireServers } from "./required.ts";

/** A connection, or the reason why it is unavailable. */
type Shared<Connection> = Connection | Unavailable;

declare module "vitest" {
  export interface ProvidedContext {
    controlPlane: Shared<ControlPlaneConnection>;
    docker: Shared<DockerConnection>;
    postgres: Shared<Pick<Service, "url">>;
    redis: Shared<Pick<Service, "url">>;
  }
}

interface Started {
  stop(): Promise<void>;
}

/**
 * Starts the servers of a run: a control plane with a node whose pods are processes, a dockerd with the swarmstack images, Redis and
 * PostgreSQL. Each suite uses a separate namespace, network or database; a suite that kills its server, or needs nodes, custom kinds
 * or an audit log, starts a separate server.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started: Started[] = [];
  const keep = <Server extends Started>(server: Server): Server => {
    started.push(server);
    return server;
  };
  // Builds run in sequence: each uses all processors.
  const controlPlane = await sharedControlPlane(keep);
  const [docker, postgres, redis] = await Promise.all([
    sharedDocker(keep),
    sharedService(startPostgres(), keep),
    sharedService(startRedis({ databases: 4096 }), keep),
  ]);
  requireServers({ controlPlane, docker, postgres, redis });
  project.provide("controlPlane", controlPlane);
  project.provide("docker", docker);
  project.provide("postgres", postgres);
  project.provide("redis", redis);
  return async () => {
    for (const server of started.reverse()) await server.stop();
  };
}

type Keep = <Server extends Started>(server: Server) => Server;

async function sharedControlPlane(keep: Keep): Promise<Shared<ControlPlaneConnection>> {
  const plane = await startControlPlane({ onProgress: toldNowAndThen("control plane") });
  if (!isAvailable(plane)) return plane;
  keep(plane);
  const node = await startProcessNode(plane, { nodes: [{ name: "process-0" }], maxContainerRestartPeriod: "1s" });
  return isProcessNode(node) ? plane.connection : node;
}

async function sharedDocker(keep: Keep): Promise<Shared<DockerConnection>> {
  const docker = await startDocker();
  if (!isDocker(docker)) return docker;
  keep(docker);
  const missing = await ourImages(docker);
  return missing ?? { folder: docker.folder, onNetwork: docker.onNetwork };
}

async function sharedService(
  starting: Promise<Service | Unavailable>,
  keep: Keep,
): Promise<Shared<Pick<Service, "url">>> {
  const service = await starting;
  return isService(service) ? { url: keep(service).url } : service;
}
