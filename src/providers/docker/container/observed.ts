import type { ContainerInspectInfo } from "dockerode";
import type { Properties } from "../../base/values.ts";
import { outputsOf } from "../fields/outputs.ts";
import { megabyte, standardSwap } from "./body.ts";
import { containerFields } from "./inputs.ts";

/** Outputs of a container: the program's inputs, values that only the daemon knows, and detected drift. */
export function containerOutputs(inputs: Properties, container: ContainerInspectInfo): Properties {
  const chosen = Object.entries(chosenByDaemon(container)).filter(([name]) => inputs[name] === undefined);
  return {
    ...Object.fromEntries(chosen),
    ...outputsOf(containerFields, inputs, changeable(inputs, container)),
    ...told(container),
  };
}

/** Fields of the daemon's response that the library's types lack. */
interface Unlisted {
  readonly StopSignal?: string;
  readonly StopTimeout?: number;
  readonly Bridge?: string;
}

function chosenByDaemon({ Config, HostConfig }: ContainerInspectInfo): Properties {
  const { StopSignal = "", StopTimeout = 0 } = Config as typeof Config & Unlisted;
  return {
    command: Config.Cmd ?? [],
    entrypoints: Config.Entrypoint ?? [],
    hostname: Config.Hostname,
    init: HostConfig.Init ?? false,
    ipcMode: HostConfig.IpcMode ?? "",
    logDriver: HostConfig.LogConfig?.Type ?? "",
    runtime: HostConfig.Runtime ?? "",
    securityOpts: HostConfig.SecurityOpt ?? [],
    shmSize: (HostConfig.ShmSize ?? 0) / megabyte,
    stopSignal: StopSignal,
    stopTimeout: StopTimeout,
  };
}

/** Settings that other clients can change; compared with the inputs to detect drift. */
function changeable(inputs: Properties, { Name, State, HostConfig }: ContainerInspectInfo): Properties {
  const memory = (HostConfig.Memory ?? 0) / megabyte;
  const swap = HostConfig.MemorySwap ?? 0;
  const memorySwap = swap > 0 ? swap / megabyte : swap;
  return {
    name: Name.replace(/^\//, ""),
    restart: HostConfig.RestartPolicy?.Name || "no",
    maxRetryCount: HostConfig.RestartPolicy?.MaximumRetryCount ?? 0,
    memory,
    memoryReservation: (HostConfig.MemoryReservation ?? 0) / megabyte,
    // A kernel without swap accounting reports none.
    ...(isTold(memorySwap, inputs) && { memorySwap }),
    cpuShares: HostConfig.CpuShares ?? 0,
    cpuSet: HostConfig.CpusetCpus ?? "",
    ...(inputs.mustRun !== false && { mustRun: State.Running }),
  };
}

function isTold(memorySwap: number, inputs: Properties): boolean {
  if (memorySwap <= 0) return false;
  return inputs.memorySwap !== undefined || memorySwap !== standardSwap(Number(inputs.memory ?? 0));
}

function told({ State, NetworkSettings }: ContainerInspectInfo): Properties {
  const networks = Object.entries(NetworkSettings.Networks ?? {});
  const { Bridge = "" } = NetworkSettings as typeof NetworkSettings & Unlisted;
  return {
    bridge: Bridge,
    ...(!State.Running && { exitCode: State.ExitCode }),
    networkDatas: networks.map(([networkName, network]) => ({
      networkName,
      gateway: network.Gateway,
      ipAddress: network.IPAddress,
      ipPrefixLength: network.IPPrefixLen,
      globalIpv6Address: network.GlobalIPv6Address,
      globalIpv6PrefixLength: network.GlobalIPv6PrefixLen,
      ipv6Gateway: network.IPv6Gateway,
      macAddress: network.MacAddress,
    })),
  };
}
