import type { NetworkInspectInfo } from "dockerode";
import { poll } from "../../../platform/wait.ts";
import type { CreateRequest, DeleteRequest, ReadRequest, Resource } from "../../base/resource.ts";
import type { Properties } from "../../base/values.ts";
import { changing, type Daemon, isGone, orGone } from "../daemon.ts";
import { withName } from "../fields/auto-name.ts";
import { checkInputs } from "../fields/check-inputs.ts";
import { diffFields } from "../fields/diff-fields.ts";
import { labelsOfRecord, recordOfLabels } from "../fields/named-values.ts";
import { previewOutputs } from "../fields/outputs.ts";
import { isOwn, notOurs, ownedBy, ownerLabel, withoutOurs } from "../owner.ts";
import { type NetworkInputs, networkFields, networkSchema } from "./inputs.ts";

/** Time limit for a container that is being removed to release its network. */
const releasedWithinMs = 30_000;

export function networkResource(daemon: () => Daemon): Resource {
  return {
    check: async (request) => checkInputs(networkSchema, withName(request)),
    diff: async (request) => diffFields(networkFields, request),
    create: (request) => createNetwork(request, daemon()),
    read: (request) => readNetwork(request, daemon()),
    // Every change of a network is a replacement.
    update: async ({ olds }) => olds,
    delete: (request) => deleteNetwork(request, daemon()),
  };
}

async function createNetwork(request: CreateRequest, daemon: Daemon) {
  if (request.preview) return { id: "", outputs: previewOutputs(networkFields, request.inputs, ["scope"]) };
  const inputs = networkSchema.parse(request.inputs);
  const owner = daemon.owner(request);
  const id = (await adopted(inputs, request, daemon)) ?? (await make());
  const made = await daemon.ask((client) => client.getNetwork(id).inspect());
  return { id, outputs: { ...observed(made), ...request.inputs } };

  async function make(): Promise<string> {
    const body = {
      Name: inputs.name,
      CheckDuplicate: true,
      Driver: inputs.driver ?? "bridge",
      Internal: inputs.internal ?? false,
      Attachable: inputs.attachable ?? false,
      Ingress: inputs.ingress ?? false,
      EnableIPv6: inputs.ipv6 ?? false,
      Options: inputs.options ?? {},
      IPAM: ipamOf(inputs),
      Labels: { ...recordOfLabels(inputs.labels), [ownerLabel]: ownedBy(owner) },
    };
    const created = await changing(
      `network ${inputs.name} cannot be created`,
      daemon.ask((client) => client.createNetwork(body)),
    );
    return created.id;
  }
}

/** The id of a network left by an earlier run of the same resource; one that differs from the inputs is removed. */
async function adopted(inputs: NetworkInputs, request: CreateRequest, daemon: Daemon): Promise<string | undefined> {
  const filters = JSON.stringify({ name: [inputs.name] });
  const found = await daemon.ask((client) => client.listNetworks({ filters }));
  const there = found.find(({ Name }) => Name === inputs.name);
  if (there === undefined) return undefined;
  if (!isOwn(there.Labels, daemon.owner(request))) throw notOurs("network", inputs.name, there.Labels);
  const { changes } = diffFields(networkFields, {
    olds: observed(there),
    oldInputs: {},
    news: request.inputs,
    ignoreChanges: [],
  });
  if (Object.keys(changes).length === 0) return there.Id;
  await removeNetwork(there.Id, request.signal, daemon);
  return undefined;
}

async function readNetwork({ id, oldInputs }: ReadRequest, daemon: Daemon) {
  const found = await orGone(daemon.ask((client) => client.getNetwork(id).inspect()));
  if (found === undefined) return undefined;
  const inputs = Object.keys(oldInputs).length > 0 ? oldInputs : imported(found);
  return { id: found.Id, inputs, outputs: { ...observed(found), ...inputs } };
}

async function deleteNetwork({ id, signal }: DeleteRequest, daemon: Daemon): Promise<void> {
  await removeNetwork(id, signal, daemon);
}

async function removeNetwork(id: string, signal: AbortSignal, daemon: Daemon): Promise<void> {
  let refused: unknown;
  const gone = await poll(
    async () => {
      try {
        await daemon.ask((client) => client.getNetwork(id).remove());
        return true;
      } catch (error) {
        if (isGone(error)) return true;
        if (!(error instanceof Error) || !error.message.includes("has active endpoints")) throw error;
        refused = error;
        await releaseOrphans(id, daemon);
        return undefined;
      }
    },
    { deadlineMs: releasedWithinMs, intervalMs: 250, signal },
  );
  if (gone === undefined) await changing("network cannot be removed", Promise.reject(refused));
}

/** Disconnects endpoints of containers that were removed while docker restarted them; docker does not release these itself. */
async function releaseOrphans(id: string, daemon: Daemon): Promise<void> {
  const { Containers = {} } = (await orGone(daemon.ask((client) => client.getNetwork(id).inspect()))) ?? {};
  for (const { Name } of Object.values(Containers)) {
    const owner = await orGone(daemon.ask((client) => client.getContainer(Name).inspect()));
    if (owner !== undefined) continue;
    await orGone(daemon.ask((client) => client.getNetwork(id).disconnect({ Container: Name, Force: true })));
  }
}

function ipamOf({ ipamDriver = "default", ipamOptions = {}, ipamConfigs = [] }: NetworkInputs) {
  const Config = ipamConfigs.map(({ subnet, ipRange, gateway, auxAddress }) => ({
    ...(subnet !== undefined && { Subnet: subnet }),
    ...(ipRange !== undefined && { IPRange: ipRange }),
    ...(gateway !== undefined && { Gateway: gateway }),
    ...(auxAddress !== undefined && { AuxiliaryAddresses: auxAddress }),
  }));
  return { Driver: ipamDriver, Options: ipamOptions, Config };
}

interface IpamConfig {
  readonly Subnet?: string;
  readonly IPRange?: string;
  readonly Gateway?: string;
  readonly AuxiliaryAddresses?: Readonly<Record<string, string>>;
}

function observed(network: NetworkInspectInfo): Properties {
  const configs = (network.IPAM?.Config ?? []) as readonly IpamConfig[];
  return {
    name: network.Name,
    driver: network.Driver,
    internal: network.Internal,
    attachable: network.Attachable,
    ingress: network.Ingress,
    ipv6: network.EnableIPv6,
    labels: labelsOfRecord(withoutOurs(network.Labels)),
    options: network.Options ?? {},
    ipamDriver: network.IPAM?.Driver,
    ipamOptions: network.IPAM?.Options ?? {},
    ipamConfigs: configs.map(({ Subnet, IPRange, Gateway, AuxiliaryAddresses }) => ({
      ...(Subnet && { subnet: Subnet }),
      ...(IPRange && { ipRange: IPRange }),
      ...(Gateway && { gateway: Gateway }),
      ...(AuxiliaryAddresses && { auxAddress: AuxiliaryAddresses }),
    })),
    scope: network.Scope,
  };
}

function imported(network: NetworkInspectInfo): Properties {
  const { scope: _scope, ipamConfigs: _configs, ipamOptions: _options, ...inputs } = observed(network);
  return inputs;
}
