import { SwarmError } from "../../errors.ts";

/** Owner of a docker object: the resource's URN and the id of its provider resource, which is random and unique to one stack. */
export interface ContainerOwner {
  readonly urn: string;
  readonly provider: string | undefined;
}

/** The ownership label; the plugin writes it and never shows it to the program. */
export const ownerLabel = "swarmstack.dev/owner";
/** Digest of a container's inputs, which distinguishes an incomplete container from an outdated one. */
export const inputsLabel = "swarmstack.dev/inputs";

type Labels = Readonly<Record<string, string>>;

export function ownedBy({ urn, provider }: ContainerOwner): string {
  return provider === undefined ? urn : `${urn} ${provider}`;
}

export function isOwn(labels: Labels | null | undefined, owner: ContainerOwner): boolean {
  return labels?.[ownerLabel] === ownedBy(owner);
}

/** Whether the label names another resource; an object without the label may have been imported. */
export function isOthers(labels: Labels | null | undefined, owner: ContainerOwner): boolean {
  return labels?.[ownerLabel] !== undefined && !isOwn(labels, owner);
}

/** The program's labels. */
export function withoutOurs(labels: Labels | null | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => key !== ownerLabel && key !== inputsLabel));
}

/** Error for an existing object with the same name that another resource owns. */
export function notOurs(what: string, name: string, labels: Labels | null | undefined): SwarmError {
  const recorded = labels?.[ownerLabel];
  return new SwarmError("SW703", `${what} ${name} already exists: ${describeOwner(labels)}`, {
    hints: [`remove it (docker ${what} rm ${name}), or give the resource another name`],
    values: { [what]: name, owner: recorded ?? null },
  });
}

/** Describes the owner for a message. */
export function describeOwner(labels: Labels | null | undefined): string {
  const recorded = labels?.[ownerLabel];
  if (recorded === undefined) return "it belongs to no stack and was created by hand or by another program";
  const [urn = ""] = recorded.split(" ");
  const [stack = "", project = "", type = "", name = ""] = urn.slice("urn:pulumi:".length).split("::");
  return `it belongs to stack ${stack} of project ${project} (resource ${name}, ${type.slice(type.lastIndexOf("$") + 1)})`;
}
