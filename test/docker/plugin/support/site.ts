import type { ContainerInspectInfo } from "dockerode";
import { afterAll, beforeAll } from "vitest";
import type { Properties } from "../../../../src/providers/base/values.ts";
import { importBusybox } from "../../../../tools/docker/busybox.ts";
import type { Docker, DockerOptions } from "../../../../tools/docker/docker.ts";
import { Plugin, urnOf } from "../../../kubernetes/plugin/support/plugin.ts";
import { useDocker } from "../../../support/servers/docker.ts";

const image = "busybox:1";

export interface Site {
  readonly docker: Docker;
  readonly plugin: Plugin;
  /** Starts another process of the plugin, with its own arguments and provider id. */
  start(args?: Properties, settings?: { id?: string; env?: NodeJS.ProcessEnv }): Promise<Plugin>;
  /** Output of `docker inspect`; undefined for an unknown name or id. */
  inspect(name: string): Promise<ContainerInspectInfo | undefined>;
}

/** A dockerd with a tiny image, and a plugin configured for it; both end with the test file. */
export function usePlugin(options: DockerOptions = {}): () => Site {
  const docker = useDocker(options, async (daemon) => {
    await importBusybox(daemon, image);
    return undefined;
  });
  const started: Plugin[] = [];
  let site: Site | undefined;

  beforeAll(async () => {
    const daemon = dockerOrNone();
    if (daemon === undefined) return;
    const start: Site["start"] = async (args = {}, settings) => {
      const plugin = await Plugin.start({ host: daemon.url, ...args }, { ...settings, name: "docker" });
      started.push(plugin);
      return plugin;
    };
    const inspect: Site["inspect"] = (name) =>
      daemon.client
        .getContainer(name)
        .inspect()
        .catch(() => undefined);
    site = { docker: daemon, plugin: await start(), start, inspect };
  });
  afterAll(async () => {
    for (const plugin of started) await plugin.stop();
  });

  return () => {
    if (site === undefined) throw new Error("the site is there in tests only");
    return site;
  };

  /** Without a dockerd every test is skipped, with the reason. */
  function dockerOrNone(): Docker | undefined {
    try {
      return docker();
    } catch {
      return undefined;
    }
  }
}

export const urns = {
  container: (name: string, stack?: string) => urnOf("index/container:Container", name, stack, "docker"),
  network: (name: string, stack?: string) => urnOf("index/network:Network", name, stack, "docker"),
  volume: (name: string, stack?: string) => urnOf("index/volume:Volume", name, stack, "docker"),
  image: (name: string, stack?: string) => urnOf("index/remoteImage:RemoteImage", name, stack, "docker"),
};

/** A container that keeps running, and ends at once on SIGTERM. */
export function sleeper(name: string, more: Properties = {}): Properties {
  return { name, image, command: ["sleep", "3600"], init: true, ...more };
}
