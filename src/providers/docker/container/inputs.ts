import type { ContainerArgs } from "@pulumi/docker/container.js";
import { z } from "zod";
import type { FieldTable } from "../fields/field.ts";
import { labelsSchema, textsSchema } from "../fields/named-values.ts";

const texts = z.array(z.string()).optional();
const text = z.string().optional();
const flag = z.boolean().optional();
const count = z.int().optional();
/** Durations in Go syntax: "1m30s", "500ms". */
const duration = z
  .string()
  .regex(/^(\d+(\.\d+)?(ns|us|ms|s|m|h))+$/, "is not a duration such as 30s")
  .optional();

const healthcheck = z.strictObject({
  tests: texts,
  interval: duration,
  timeout: duration,
  startPeriod: duration,
  startInterval: duration,
  retries: count,
});

const mount = z.strictObject({
  type: z.enum(["bind", "volume", "tmpfs"]),
  target: z.string(),
  source: text,
  readOnly: flag,
  bindOptions: z.strictObject({ propagation: text }).optional(),
  volumeOptions: z
    .strictObject({
      noCopy: flag,
      labels: labelsSchema.optional(),
      driverName: text,
      driverOptions: textsSchema.optional(),
      subpath: text,
    })
    .optional(),
  tmpfsOptions: z.strictObject({ sizeBytes: count, mode: count }).optional(),
});

const upload = z
  .strictObject({
    file: z.string().startsWith("/"),
    content: text,
    contentBase64: text,
    source: text,
    sourceHash: text,
    executable: flag,
    permissions: z
      .string()
      .regex(/^[0-7]{3,4}$/, "is not a mode such as 0644")
      .optional(),
  })
  .refine(
    ({ content, contentBase64, source }) =>
      [content, contentBase64, source].filter((one) => one !== undefined).length === 1,
    "exactly one of content, contentBase64 and source must be set",
  );

const network = z.strictObject({
  name: z.string(),
  aliases: texts,
  ipv4Address: text,
  ipv6Address: text,
  linkLocalIps: texts,
  macAddress: text,
  driverOpts: texts,
});

export const containerSchema = z.strictObject({
  name: z.string(),
  image: z.string().min(1),
  capabilities: z.strictObject({ adds: texts, drops: texts }).optional(),
  cgroupParent: text,
  cgroupnsMode: text,
  command: texts,
  containerReadRefreshTimeoutMilliseconds: count,
  cpuPeriod: count,
  cpuQuota: count,
  cpuSet: text,
  cpuShares: count,
  cpus: z
    .string()
    .regex(/^\d+(\.\d+)?$/, "is not a number of CPUs such as 1.5")
    .optional(),
  destroyGraceSeconds: count,
  deviceRequests: z
    .array(
      z.strictObject({ driver: text, count, deviceIds: texts, capabilities: texts, options: textsSchema.optional() }),
    )
    .optional(),
  devices: z.array(z.strictObject({ hostPath: z.string(), containerPath: text, permissions: text })).optional(),
  dns: texts,
  dnsOpts: texts,
  dnsSearches: texts,
  domainname: text,
  entrypoints: texts,
  envs: z.array(z.string().regex(/^[^=]+=/, "is not of the form NAME=value")).optional(),
  gpus: z
    .string()
    .regex(/^(all|device=.+)$/, 'is neither "all" nor "device=ID,ID"')
    .optional(),
  groupAdds: texts,
  healthcheck: healthcheck.optional(),
  hostname: text,
  hosts: z.array(z.strictObject({ host: z.string(), ip: z.string() })).optional(),
  init: flag,
  ipcMode: text,
  labels: labelsSchema.optional(),
  logDriver: text,
  logOpts: textsSchema.optional(),
  maxRetryCount: count,
  memory: count,
  memoryReservation: count,
  memorySwap: count,
  mounts: z.array(mount).optional(),
  mustRun: flag,
  networkMode: text,
  networksAdvanced: z.array(network).optional(),
  pidMode: text,
  platform: text,
  ports: z.array(z.strictObject({ internal: z.int(), external: count, ip: text, protocol: text })).optional(),
  privileged: flag,
  publishAllPorts: flag,
  readOnly: flag,
  removeVolumes: flag,
  restart: z.enum(["no", "on-failure", "always", "unless-stopped"]).optional(),
  rm: flag,
  runtime: text,
  securityOpts: texts,
  shmSize: count,
  start: flag,
  stdinOpen: flag,
  stopSignal: text,
  stopTimeout: count,
  storageOpts: textsSchema.optional(),
  sysctls: textsSchema.optional(),
  tmpfs: textsSchema.optional(),
  tty: flag,
  ulimits: z.array(z.strictObject({ name: z.string(), soft: z.int(), hard: z.int() })).optional(),
  uploads: z.array(upload).optional(),
  user: text,
  usernsMode: text,
  volumes: z
    .array(
      z.strictObject({ containerPath: text, hostPath: text, volumeName: text, fromContainer: text, readOnly: flag }),
    )
    .optional(),
  wait: flag,
  waitTimeout: count,
  workingDir: text,
} satisfies Partial<Record<keyof ContainerArgs, z.ZodType>>);

export type ContainerInputs = z.infer<typeof containerSchema>;

const replaced = { change: "replace" } as const;
const replacedSet = { change: "replace", set: true } as const;
const given = { change: "replace", computed: true } as const;

/** An update where the daemon can change the setting in place, or only this plugin uses it; else a replacement. */
export const containerFields: FieldTable<ContainerInputs> = {
  name: replaced,
  image: replaced,
  capabilities: replaced,
  cgroupParent: replaced,
  cgroupnsMode: replaced,
  command: given,
  containerReadRefreshTimeoutMilliseconds: { change: "update", standard: 15_000 },
  cpuPeriod: { change: "update" },
  cpuQuota: { change: "update" },
  cpuSet: { change: "update" },
  cpuShares: { change: "update" },
  cpus: replaced,
  destroyGraceSeconds: { change: "update" },
  deviceRequests: replacedSet,
  devices: replacedSet,
  dns: replacedSet,
  dnsOpts: replacedSet,
  dnsSearches: replacedSet,
  domainname: replaced,
  entrypoints: given,
  envs: { ...replacedSet, computed: true },
  gpus: replaced,
  groupAdds: replacedSet,
  healthcheck: given,
  hostname: given,
  hosts: replacedSet,
  init: given,
  ipcMode: given,
  labels: { ...replacedSet, computed: true },
  logDriver: given,
  logOpts: replaced,
  maxRetryCount: { change: "update" },
  memory: { change: "update" },
  memoryReservation: { change: "update", standard: 0 },
  memorySwap: { change: "update" },
  mounts: replacedSet,
  mustRun: { change: "update", standard: true },
  networkMode: { change: "replace", standard: "bridge" },
  networksAdvanced: replacedSet,
  pidMode: replaced,
  platform: given,
  ports: replaced,
  privileged: replaced,
  publishAllPorts: replaced,
  readOnly: { change: "replace", standard: false },
  removeVolumes: { change: "update", standard: true },
  restart: { change: "update", standard: "no" },
  rm: { change: "replace", standard: false },
  runtime: given,
  securityOpts: { ...replacedSet, computed: true },
  shmSize: given,
  start: { change: "update", standard: true },
  stdinOpen: { change: "replace", standard: false },
  stopSignal: given,
  stopTimeout: given,
  storageOpts: replaced,
  sysctls: replaced,
  tmpfs: replaced,
  tty: { change: "replace", standard: false },
  ulimits: replacedSet,
  uploads: replacedSet,
  user: replaced,
  usernsMode: replaced,
  volumes: replacedSet,
  wait: { change: "update", standard: false },
  waitTimeout: { change: "update", standard: 60 },
  workingDir: replaced,
};

/** Outputs that only the daemon knows. */
export const containerTells = ["bridge", "containerLogs", "exitCode", "networkDatas"];
