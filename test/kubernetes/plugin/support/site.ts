import { afterAll, beforeAll } from "vitest";
import type { Properties } from "../../../../src/providers/base/values.ts";
import type { AuditedRequest } from "../../../../tools/control-plane/audit.ts";
import { useControlPlane } from "../../../support/servers/control-plane.ts";
import { type Kubectl, kubectlOf } from "./kubectl.ts";
import { Plugin } from "./plugin.ts";

export interface Site {
  readonly kubeconfig: string;
  readonly plugin: Plugin;
  readonly kubectl: Kubectl;
  /** All requests of plugins to the API server that have ended; with the option `audit` only. */
  requests(): readonly AuditedRequest[];
  /** Starts another process of the plugin, with its own arguments and provider id. */
  start(args?: Properties, settings?: { id?: string; env?: NodeJS.ProcessEnv }): Promise<Plugin>;
}

/** A control plane with two nodes, and a plugin configured for it; both end with the test file. */
export function usePlugin({ audit = false }: { audit?: boolean } = {}): () => Site {
  const plane = useControlPlane({ audit, pools: [{ name: "general", count: 2 }] });
  const started: Plugin[] = [];
  let site: Site | undefined;

  beforeAll(async () => {
    const { kubeconfig } = plane();
    const start: Site["start"] = async (args = {}, settings) => {
      const plugin = await Plugin.start({ kubeconfig, ...args }, settings);
      started.push(plugin);
      return plugin;
    };
    const requests = () =>
      plane()
        .requests()
        .filter(({ userAgent }) => userAgent === "swarmstack");
    site = { kubeconfig, plugin: await start(), kubectl: kubectlOf(plane()), requests, start };
  });
  afterAll(async () => {
    for (const plugin of started) await plugin.stop();
  });

  return () => {
    if (site === undefined) throw new Error("the site is there in tests only");
    return site;
  };
}
