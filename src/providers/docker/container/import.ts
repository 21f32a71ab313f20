import type { ContainerInspectInfo } from "dockerode";
import type { Properties } from "../../base/values.ts";
import type { Daemon } from "../daemon.ts";
import { canonical } from "../fields/canonical.ts";
import { labelsOfRecord } from "../fields/named-values.ts";
import { withoutOurs } from "../owner.ts";
import { megabyte, standardSwap } from "./body.ts";

/** Inputs that would create an existing container, without defaults from its image or the daemon. */
export async function importedInputs(container: ContainerInspectInfo, daemon: Daemon): Promise<Properties> {
  const image = await daemon.ask((client) => client.getImage(container.Image).inspect());
  const { Config, HostConfig } = container;
  const ofImage = image.Config as Partial<ContainerInspectInfo["Config"]> | null;
  const unlessImage = <Value>(value: Value, standard: unknown): Value | undefined =>
    JSON.stringify(canonical(value)) === JSON.stringify(canonical(standard)) ? undefined : value;
  const labels = Object.entries(withoutOurs(Config.Labels)).filter(([key, value]) => ofImage?.Labels?.[key] !== value);
  const networks = Object.keys(container.NetworkSettings.Networks ?? {}).filter((network) => network !== "bridge");
  const memory = (HostConfig.Memory ?? 0) / megabyte;
  const swap = (HostConfig.MemorySwap ?? 0) / megabyte;
  const all: Properties = {
    name: container.Name.replace(/^\//, ""),
    image: Config.Image.startsWith("sha256:") ? container.Image : Config.Image,
    command: unlessImage(Config.Cmd, ofImage?.Cmd),
    entrypoints: unlessImage(Config.Entrypoint, ofImage?.Entrypoint),
    envs: Config.Env?.filter((variable) => !ofImage?.Env?.includes(variable)),
    user: unlessImage(Config.User, ofImage?.User),
    workingDir: unlessImage(Config.WorkingDir, ofImage?.WorkingDir),
    labels: labelsOfRecord(Object.fromEntries(labels)),
    restart: HostConfig.RestartPolicy?.Name,
    memory,
    memorySwap: swap === standardSwap(memory) ? undefined : swap,
    cpuShares: HostConfig.CpuShares,
    init: HostConfig.Init,
    readOnly: HostConfig.ReadonlyRootfs,
    privileged: HostConfig.Privileged,
    tty: Config.Tty,
    tmpfs: HostConfig.Tmpfs,
    capabilities: { adds: HostConfig.CapAdd, drops: HostConfig.CapDrop },
    securityOpts: HostConfig.SecurityOpt,
    logOpts: HostConfig.LogConfig?.Config,
    networkMode: HostConfig.NetworkMode === "default" ? "bridge" : HostConfig.NetworkMode,
    networksAdvanced: networks.map((network) => ({ name: network })),
    mounts: HostConfig.Mounts?.map(({ Type, Target, Source, ReadOnly }) => ({
      ...{ type: Type, target: Target, source: Source },
      ...(ReadOnly && { readOnly: true }),
    })),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => canonical(value) !== undefined));
}
