import type { VolumeInspectInfo } from "dockerode";
import { poll } from "../../../platform/wait.ts";
import type { CallContext, CreateRequest, DeleteRequest, ReadRequest, Resource } from "../../base/resource.ts";
import type { Properties } from "../../base/values.ts";
import { changing, type Daemon, isConflict, isGone, orGone } from "../daemon.ts";
import { withName } from "../fields/auto-name.ts";
import { checkInputs } from "../fields/check-inputs.ts";
import { diffFields } from "../fields/diff-fields.ts";
import { labelsOfRecord, recordOfLabels } from "../fields/named-values.ts";
import { previewOutputs } from "../fields/outputs.ts";
import { describeOwner, isOthers, isOwn, notOurs, ownedBy, ownerLabel, withoutOurs } from "../owner.ts";
import { volumeFields, volumeSchema } from "./inputs.ts";

/** Time limit for a container that is being removed to release its volume. */
const releasedWithinMs = 30_000;

export function volumeResource(daemon: () => Daemon): Resource {
  return {
    check: async (request) => checkInputs(volumeSchema, withName(request)),
    diff: async (request) => diffFields(volumeFields, request),
    create: (request) => createVolume(request, daemon()),
    read: (request) => readVolume(request, daemon()),
    // Every change of a volume is a replacement.
    update: async ({ olds }) => olds,
    delete: (request) => deleteVolume(request, daemon()),
  };
}

/** Creates a volume, or adopts one left by an earlier run of the same resource, with its data. */
async function createVolume(request: CreateRequest, daemon: Daemon) {
  if (request.preview) return { id: "", outputs: previewOutputs(volumeFields, request.inputs, ["mountpoint"]) };
  const inputs = volumeSchema.parse(request.inputs);
  const owner = daemon.owner(request);
  const there = await inspect(inputs.name, daemon);
  if (there !== undefined && !isOwn(there.Labels, owner)) throw notOurs("volume", inputs.name, there.Labels);
  await changing(
    `volume ${inputs.name} cannot be created`,
    daemon.ask((client) =>
      client.createVolume({
        Name: inputs.name,
        Driver: inputs.driver ?? "local",
        DriverOpts: inputs.driverOpts ?? {},
        Labels: { ...recordOfLabels(inputs.labels), [ownerLabel]: ownedBy(owner) },
      }),
    ),
  );
  // The daemon returns an existing volume of that name, even if another client has just created it.
  const made = await daemon.ask((client) => client.getVolume(inputs.name).inspect());
  if (!isOwn(made.Labels, owner)) throw notOurs("volume", inputs.name, made.Labels);
  return { id: inputs.name, outputs: { ...observed(made), ...request.inputs } };
}

async function readVolume({ id, oldInputs, ...context }: ReadRequest, daemon: Daemon) {
  const found = await inspect(id, daemon);
  if (found === undefined || isElses(found, context, daemon)) return undefined;
  const inputs = Object.keys(oldInputs).length > 0 ? oldInputs : imported(found);
  return { id, inputs, outputs: { ...observed(found), ...inputs } };
}

async function deleteVolume({ id, ...context }: DeleteRequest, daemon: Daemon): Promise<void> {
  const found = await inspect(id, daemon);
  if (found === undefined || isElses(found, context, daemon)) return;
  let refused: unknown;
  const gone = await poll(
    async () => {
      try {
        await daemon.ask((client) => client.getVolume(id).remove());
        return true;
      } catch (error) {
        if (isGone(error)) return true;
        if (!isConflict(error)) throw error;
        refused = error;
        return undefined;
      }
    },
    { deadlineMs: releasedWithinMs, intervalMs: 250, signal: context.signal },
  );
  if (gone === undefined) await changing(`volume ${id} cannot be removed`, Promise.reject(refused));
}

function inspect(name: string, daemon: Daemon): Promise<VolumeInspectInfo | undefined> {
  return orGone(daemon.ask((client) => client.getVolume(name).inspect()));
}

/** Whether the recorded volume is gone and another stack has created one with its name. */
function isElses({ Labels }: VolumeInspectInfo, context: CallContext, daemon: Daemon): boolean {
  if (!isOthers(Labels, daemon.owner(context))) return false;
  context.log.warning(`left alone, as the recorded volume is gone and another has its name: ${describeOwner(Labels)}`);
  return true;
}

function observed(volume: VolumeInspectInfo): Properties {
  return {
    name: volume.Name,
    driver: volume.Driver,
    driverOpts: volume.Options ?? {},
    labels: labelsOfRecord(withoutOurs(volume.Labels)),
    mountpoint: volume.Mountpoint,
  };
}

function imported(volume: VolumeInspectInfo): Properties {
  const { mountpoint: _mountpoint, ...inputs } = observed(volume);
  return inputs;
}
