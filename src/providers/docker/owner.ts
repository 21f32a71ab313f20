import { SwarmError } from "../../errors.ts";

/** Who owns a thing: the resource's URN, and the id of its provider resource, which is random and lives in one stack's state. */
export interface ContainerOwner {
  readonly urn: string;
  readonly provider: string | undefined;
}

/** The ownership label; the plugin writes it and never shows it to the program. */
export const ownerLabel = "swarmstack.dev/owner";
/** What a container was made of, so that one that was left half done is told from one that is as it shall be. */
export const inputsLabel = "swarmstack.dev/inputs";

type Labels = Readonly<Record<string, string>>;

export function ownedBy({ urn, provider }: ContainerOwner): string {
  return provider === undefined ? urn : `${urn} ${provider}`;
}

export function isOwn(labels: Labels | null | undefined, owner: ContainerOwner): boolean {
  return labels?.[ownerLabel] === ownedBy(owner);
}

/** It says that it is another resource's; without a label it may have been imported. */
export function isOthers(labels: Labels | null | undefined, owner: ContainerOwner): boolean {
  return labels?.[ownerLabel] !== undefined && !isOwn(labels, owner);
}

/** The program's labels. */
export function withoutOurs(labels: Labels | null | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => key !== ownerLabel && key !== inputsLabel));
}

/** A thing of that name is there, and it is another's. */
export function notOurs(what: string, name: string, labels: Labels | null | undefined): SwarmError {
  const recorded = labels?.[ownerLabel];
  return new SwarmError("SW703", `${what} ${name} is there already: ${describeOwner(labels)}`, {
    hints: [`remove it (docker ${what} rm ${name}), or give the resource another name`],
    values: { [what]: name, owner: recorded ?? null },
  });
}

/** The owner in words. */
export function describeOwner(labels: Labels | null | undefined): string {
  const recorded = labels?.[ownerLabel];
  if (recorded === undefined) return "it belongs to no stack; somebody made it by hand or by another program";
  const [urn = ""] = recorded.split(" ");
  const [stack = "", project = "", type = "", name = ""] = urn.slice("urn:pulumi:".length).split("::");
  return `it belongs to stack ${stack} of project ${project} (resource ${name}, ${type.slice(type.lastIndexOf("$") + 1)})`;
}
