import { InvalidArgumentError } from "commander";

/** Parses the name of a cluster, which prefixes the names of its resources. @throws InvalidArgumentError */
export function parseName(name: string): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(name) && !name.includes("--")) return name;
  throw new InvalidArgumentError(
    `"${name}" is not a valid name: use at most 40 of a-z, 0-9 and single dashes, without a dash at either end`,
  );
}
