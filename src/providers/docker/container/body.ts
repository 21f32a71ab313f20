import type { ContainerCreateOptions, DeviceRequest, HealthConfig, MountSettings } from "dockerode";
import { recordOfLabels } from "../fields/named-values.ts";
import type { ContainerInputs } from "./inputs.ts";

export const megabyte = 1024 ** 2;

type Members = Readonly<Record<string, unknown>>;

/** Request body of POST /containers/create, without the labels that the plugin adds. */
export function bodyOf(inputs: ContainerInputs): ContainerCreateOptions {
  return {
    name: inputs.name,
    Image: inputs.image,
    ...(inputs.platform !== undefined && { platform: inputs.platform }),
    Tty: inputs.tty ?? false,
    OpenStdin: inputs.stdinOpen ?? false,
    Labels: recordOfLabels(inputs.labels),
    ...present({
      Hostname: inputs.hostname,
      Domainname: inputs.domainname,
      User: inputs.user,
      Env: inputs.envs,
      Cmd: inputs.command,
      Entrypoint: inputs.entrypoints,
      WorkingDir: inputs.workingDir,
      StopSignal: inputs.stopSignal,
      StopTimeout: inputs.stopTimeout,
      Healthcheck: inputs.healthcheck && healthOf(inputs.healthcheck),
      ExposedPorts: inputs.ports && Object.fromEntries(inputs.ports.map((port) => [portKey(port), {}])),
    }),
    HostConfig: hostConfigOf(inputs),
  };
}

function hostConfigOf(inputs: ContainerInputs): NonNullable<ContainerCreateOptions["HostConfig"]> {
  return {
    ...resourcesOf(inputs),
    Init: inputs.init ?? false,
    Privileged: inputs.privileged ?? false,
    PublishAllPorts: inputs.publishAllPorts ?? false,
    ReadonlyRootfs: inputs.readOnly ?? false,
    AutoRemove: inputs.rm ?? false,
    NetworkMode: inputs.networkMode ?? "bridge",
    Mounts: (inputs.mounts ?? []).map(mountOf),
    LogConfig: { Type: inputs.logDriver ?? "", Config: inputs.logOpts ?? {} },
    ...present({
      Binds: inputs.volumes?.flatMap(bindOf),
      VolumesFrom: inputs.volumes?.flatMap(({ fromContainer }) => fromContainer ?? []),
      Tmpfs: inputs.tmpfs,
      PortBindings: inputs.ports && bindingsOf(inputs.ports),
      ExtraHosts: inputs.hosts?.map(({ host, ip }) => `${host}:${ip}`),
      Ulimits: inputs.ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
      CapAdd: inputs.capabilities?.adds,
      CapDrop: inputs.capabilities?.drops,
      SecurityOpt: inputs.securityOpts,
      Devices: inputs.devices?.map(({ hostPath, containerPath = hostPath, permissions = "rwm" }) => ({
        PathOnHost: hostPath,
        PathInContainer: containerPath,
        CgroupPermissions: permissions,
      })),
      DeviceRequests: deviceRequestsOf(inputs),
      Dns: inputs.dns,
      DnsOptions: inputs.dnsOpts,
      DnsSearch: inputs.dnsSearches,
      GroupAdd: inputs.groupAdds,
      ShmSize: inputs.shmSize === undefined ? undefined : inputs.shmSize * megabyte,
      NanoCpus: inputs.cpus === undefined ? undefined : Math.round(Number(inputs.cpus) * 1e9),
      UsernsMode: inputs.usernsMode,
      PidMode: inputs.pidMode,
      IpcMode: inputs.ipcMode,
      Sysctls: inputs.sysctls,
      StorageOpt: inputs.storageOpts,
      Runtime: inputs.runtime,
      CgroupParent: inputs.cgroupParent,
      CgroupnsMode: inputs.cgroupnsMode,
    }),
  };
}

/** Settings that an existing container can change in place (POST /containers/{id}/update). */
export function resourcesOf(inputs: ContainerInputs) {
  const { memory = 0, memorySwap = standardSwap(memory) } = inputs;
  return {
    RestartPolicy: { Name: inputs.restart ?? "no", MaximumRetryCount: inputs.maxRetryCount ?? 0 },
    Memory: memory * megabyte,
    MemoryReservation: (inputs.memoryReservation ?? 0) * megabyte,
    MemorySwap: memorySwap > 0 ? memorySwap * megabyte : memorySwap,
    CpuShares: inputs.cpuShares ?? 0,
    CpusetCpus: inputs.cpuSet ?? "",
    // The daemon rejects a period or quota together with a number of CPUs.
    ...(inputs.cpus === undefined && { CpuPeriod: inputs.cpuPeriod ?? 0, CpuQuota: inputs.cpuQuota ?? 0 }),
  };
}

/** The daemon's default for memory plus swap, in megabytes: as much swap as memory. */
export function standardSwap(memory: number): number {
  return memory * 2;
}

function healthOf({ tests, retries, ...times }: NonNullable<ContainerInputs["healthcheck"]>): HealthConfig {
  return present({
    Test: tests,
    Interval: times.interval && nanoseconds(times.interval),
    Timeout: times.timeout && nanoseconds(times.timeout),
    StartPeriod: times.startPeriod && nanoseconds(times.startPeriod),
    StartInterval: times.startInterval && nanoseconds(times.startInterval),
    Retries: retries,
  }) as HealthConfig;
}

const unitNanoseconds: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Converts a Go duration such as "1m30s". */
function nanoseconds(duration: string): number {
  const parts = duration.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)/g);
  return [...parts].reduce(
    (sum, [, number = "0", unit = "s"]) => sum + Number(number) * (unitNanoseconds[unit] ?? 0),
    0,
  );
}

type Mount = NonNullable<ContainerInputs["mounts"]>[number];

function mountOf({ type, target, source, readOnly, bindOptions, volumeOptions, tmpfsOptions }: Mount): MountSettings {
  return {
    Type: type,
    Target: target,
    Source: source ?? "",
    ReadOnly: readOnly ?? false,
    ...(bindOptions && { BindOptions: present({ Propagation: bindOptions.propagation }) }),
    ...(volumeOptions && {
      VolumeOptions: present({
        NoCopy: volumeOptions.noCopy ?? false,
        Labels: recordOfLabels(volumeOptions.labels),
        DriverConfig: { Name: volumeOptions.driverName ?? "", Options: volumeOptions.driverOptions ?? {} },
        Subpath: volumeOptions.subpath,
      }),
    }),
    ...(tmpfsOptions && { TmpfsOptions: present({ SizeBytes: tmpfsOptions.sizeBytes, Mode: tmpfsOptions.mode }) }),
  } as MountSettings;
}

type Volume = NonNullable<ContainerInputs["volumes"]>[number];

function bindOf({ hostPath, volumeName, containerPath, readOnly }: Volume): readonly string[] {
  const from = hostPath ?? volumeName;
  return from === undefined || containerPath === undefined
    ? []
    : [`${from}:${containerPath}:${readOnly ? "ro" : "rw"}`];
}

type Port = NonNullable<ContainerInputs["ports"]>[number];

const portKey = ({ internal, protocol = "tcp" }: Port): string => `${internal}/${protocol}`;

function bindingsOf(ports: readonly Port[]): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) {
    const binding = {
      HostIp: port.ip ?? "0.0.0.0",
      HostPort: port.external === undefined ? "" : String(port.external),
    };
    bindings[portKey(port)] = [...(bindings[portKey(port)] ?? []), binding];
  }
  return bindings;
}

function deviceRequestsOf({ gpus, deviceRequests }: ContainerInputs): DeviceRequest[] | undefined {
  if (gpus === "all") return [{ Driver: "", Count: -1, Capabilities: [["gpu"]] }];
  if (gpus !== undefined)
    return [{ Driver: "", DeviceIDs: gpus.replace("device=", "").split(","), Capabilities: [["gpu"]] }];
  return deviceRequests?.map(({ driver = "cdi", count = 0, deviceIds = [], capabilities, options = {} }) => ({
    Driver: driver,
    Count: count,
    DeviceIDs: deviceIds,
    ...(capabilities && { Capabilities: [capabilities] }),
    Options: options,
  }));
}

/** Drops members without a value. */
function present(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
