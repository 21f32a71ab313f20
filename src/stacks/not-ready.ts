import { SwarmError } from "../errors.ts";
import { extensionApis } from "../plan/required-apis.ts";
import type { EngineRunEvent, ResourceRef } from "./events.ts";

type Told = Extract<EngineRunEvent, { type: "message" }>;

/** Error of both Kubernetes plugins when `pulumi.com/waitFor` is not met in time. */
const timedOut = /failed to fully initialize or become live: timed out waiting for the condition/;
/** Progress message of both while no controller has written a status. */
const unseen = "Has no .status.conditions";

/**
 * SW618 for custom resources that did not become Ready, from the messages of an engine run; undefined if there is none. A
 * resource without conditions has not been seen by any controller.
 */
export function notReady(messages: readonly Told[]): SwarmError | undefined {
  const late = new Map<string, ResourceRef>();
  for (const { text, severity, resource } of messages) {
    if (severity === "error" && resource !== undefined && timedOut.test(text)) late.set(resource.urn, resource);
  }
  if (late.size === 0) return undefined;
  const resources = [...late.values()];
  const lines = resources.map((resource) => describe(resource, lastTold(messages, resource)));
  return new SwarmError("SW618", lines.join("\n"), {
    hints: [
      ...resources.map(
        ({ type, name }) =>
          `kubectl get ${kindOf(type)} --all-namespaces --field-selector metadata.name=${name} -o yaml`,
      ),
      again,
    ],
    values: { resources: resources.map(({ name }) => name) },
  });
}

const again = "when its controller runs, swarmctl up waits for it again";

function describe({ type, name }: ResourceRef, told: string): string {
  const kind = type.split(":").at(-1);
  const group = groupOf(type);
  const project = extensionApis.find((api) => api.group === group)?.project ?? group;
  const why = told === unseen || told === "" ? `no controller of ${project} answers` : told;
  return `${kind} ${name} is not Ready in time: ${why}`;
}

function lastTold(messages: readonly Told[], { urn }: ResourceRef): string {
  const own = messages.filter(({ resource, severity }) => resource?.urn === urn && severity !== "error");
  return own.findLast(({ text }) => text !== "")?.text ?? "";
}

/** Resource type for kubectl, such as `nodepool.karpenter.sh`; kubectl accepts the singular. */
function kindOf(type: string): string {
  return `${type.split(":").at(-1)?.toLowerCase()}.${groupOf(type)}`;
}

function groupOf(type: string): string {
  return type.split(":")[1]?.split("/")[0] ?? "";
}
