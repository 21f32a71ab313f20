import { SwarmError } from "../../errors.ts";
import { changedPaths } from "../base/diff.ts";
import type { Provider } from "../base/resource.ts";
import { containerResource } from "./container/container.ts";
import { type Daemon, openDaemon } from "./daemon.ts";
import { imageResource } from "./image/image.ts";
import { networkResource } from "./network/network.ts";
import { readSettings } from "./settings.ts";
import { volumeResource } from "./volume/volume.ts";

/** Version of the official provider that this one replaces offline; the SDK requests it. */
const officialVersion = "5.2.0";

/** The offline docker provider: containers, networks, volumes and images of one daemon, in the official provider's state format. */
export function dockerProvider(env: NodeJS.ProcessEnv): Provider {
  let configured: Daemon | undefined;

  function daemon(): Daemon {
    if (configured === undefined) throw new SwarmError("SW613", "the docker provider was not configured");
    return configured;
  }

  return {
    name: "docker",
    version: officialVersion,
    resources: {
      "docker:index/container:Container": containerResource(daemon),
      "docker:index/network:Network": networkResource(daemon),
      "docker:index/remoteImage:RemoteImage": imageResource(daemon),
      "docker:index/volume:Volume": volumeResource(daemon),
    },
    autonaming: true,
    unsupported:
      "the offline docker plugin has resources only: functions and components need the official plugin " +
      `(pulumi plugin install resource docker ${officialVersion})`,
    async configure(config, { id }) {
      configured = openDaemon(readSettings(config, env), id);
    },
    diffConfig: ({ version: _old, ...olds }, { version: _new, ...news }) => ({ changes: changedPaths(olds, news) }),
  };
}
