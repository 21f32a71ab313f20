import type { ContainerInspectInfo } from "dockerode";
import { poll } from "../../../platform/wait.ts";
import type { DeleteRequest, ReadRequest, Resource, UpdateRequest } from "../../base/resource.ts";
import { InitializationFailed } from "../../base/resource.ts";
import type { Properties } from "../../base/values.ts";
import { changing, type Daemon, isConflict, orGone } from "../daemon.ts";
import { withName } from "../fields/auto-name.ts";
import { checkInputs } from "../fields/check-inputs.ts";
import { diffFields } from "../fields/diff-fields.ts";
import { resourcesOf } from "./body.ts";
import { completeContainer } from "./complete.ts";
import { createContainer } from "./create.ts";
import { importedInputs } from "./import.ts";
import { type ContainerInputs, containerFields, containerSchema } from "./inputs.ts";
import { containerOutputs } from "./observed.ts";

const removedWithinMs = 60_000;

export function containerResource(daemon: () => Daemon): Resource {
  return {
    check: async (request) => checkInputs(containerSchema, withName(request)),
    diff: async (request) => diffFields(containerFields, request),
    create: (request) => createContainer(request, daemon()),
    read: (request) => readContainer(request, daemon()),
    update: (request) => updateContainer(request, daemon()),
    delete: (request) => deleteContainer(request, daemon()),
  };
}

async function readContainer({ id, oldInputs }: ReadRequest, daemon: Daemon) {
  const found = await inspect(id, daemon);
  if (found === undefined || found.State.Status === "removing") return undefined;
  const inputs = Object.keys(oldInputs).length > 0 ? oldInputs : await importedInputs(found, daemon);
  return { id: found.Id, inputs, outputs: containerOutputs(inputs, found) };
}

/** Updates an existing container in place and starts it if it should run; also retries one that failed to start. */
async function updateContainer(request: UpdateRequest, daemon: Daemon): Promise<Properties> {
  const { id, news, olds, preview } = request;
  if (preview) return { ...olds, ...news };
  const inputs = containerSchema.parse(news);
  try {
    if (hasOtherResources(request)) await changeResources(id, inputs, daemon);
    await completeContainer(id, inputs, request, daemon);
  } catch (error) {
    const outputs = await look().catch(() => olds);
    throw new InitializationFailed(id, outputs, [error instanceof Error ? error.message : String(error)]);
  }
  return await look();

  async function look(): Promise<Properties> {
    return containerOutputs(news, await daemon.ask((client) => client.getContainer(id).inspect()));
  }
}

const resourceFields = [
  "restart",
  "maxRetryCount",
  "memory",
  "memoryReservation",
  "memorySwap",
  "cpuShares",
  "cpuSet",
  "cpuPeriod",
  "cpuQuota",
];

function hasOtherResources({ news, olds, oldInputs }: UpdateRequest): boolean {
  const { changes } = diffFields(containerFields, { olds, oldInputs, news, ignoreChanges: [] });
  return resourceFields.some((name) => name in changes);
}

async function changeResources(id: string, inputs: ContainerInputs, daemon: Daemon): Promise<void> {
  await changing(
    `container ${inputs.name} cannot be changed`,
    daemon.ask((client) => client.getContainer(id).update(resourcesOf(inputs))),
  );
}

/** Stops and removes a container, within its grace period if it has one, and waits until it is gone. */
async function deleteContainer({ id, olds, oldInputs, log, signal }: DeleteRequest, daemon: Daemon): Promise<void> {
  const name = String(olds.name ?? id);
  const seconds = Number(oldInputs.destroyGraceSeconds ?? olds.destroyGraceSeconds ?? 0);
  const found = await inspect(id, daemon);
  if (found === undefined) return;
  if (found.State.Running && seconds > 0) {
    log.progress(`stopping; it has ${seconds} s to end by itself`);
    await orGone(
      changing(
        `container ${name} cannot be stopped`,
        daemon.ask((client) => client.getContainer(id).stop({ t: seconds })),
      ),
    );
  }
  const v = (oldInputs.removeVolumes ?? olds.removeVolumes ?? true) === true;
  await orGone(daemon.ask((client) => client.getContainer(id).remove({ force: true, v }))).catch(
    async (error: unknown) => {
      // Conflict: another client is removing it.
      if (!isConflict(error)) await changing(`container ${name} cannot be removed`, Promise.reject(error));
    },
  );
  await poll(async () => ((await inspect(id, daemon)) === undefined ? true : undefined), {
    deadlineMs: removedWithinMs,
    intervalMs: 100,
    signal,
  });
  log.progress("");
}

function inspect(id: string, daemon: Daemon): Promise<ContainerInspectInfo | undefined> {
  return orGone(daemon.ask((client) => client.getContainer(id).inspect()));
}
