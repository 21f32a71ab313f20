import { createHash } from "node:crypto";
import type { CheckRequest } from "../../base/resource.ts";
import type { Properties } from "../../base/values.ts";

const digits = 7;

/** Adds a name to the inputs: the program's, else the previous one, the engine's proposal, or one derived from the resource's name. */
export function withName(request: CheckRequest): Properties {
  const { news, olds, urn, seed, autonaming } = request;
  if (typeof news.name === "string") return news;
  if (typeof olds?.name === "string") return { ...news, name: olds.name };
  if (autonaming !== undefined && autonaming.mode !== "disable") return { ...news, name: autonaming.name };
  const hash = createHash("sha256").update(seed).digest("hex").slice(0, digits);
  return { ...news, name: `${urn.split("::").at(-1)}-${hash}` };
}
