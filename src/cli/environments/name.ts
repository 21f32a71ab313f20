import { shortHash, slug } from "../../names.ts";

/** What an environment is made for. */
export type Subject =
  | { readonly kind: "pull request" | "merge request"; readonly number: string }
  | { readonly kind: "branch" | "tag"; readonly name: string };

/** The longest name of a cluster. */
const maxLength = 40;

/**
 * The name of the environment of a branch, a tag or a request to merge: the same for the same, another for any other. What a
 * branch is called stays where it is a name already; everything else is cut and closed by a hash, also what only looks like
 * one of the other names.
 *
 * @example nameOf({ kind: "pull request", number: "12" }) // "pr-12"
 * @example nameOf({ kind: "branch", name: "checkout" }) // "checkout"
 * @example nameOf({ kind: "branch", name: "feature/x" }) // "feature-x-5bb3aec8"
 */
export function nameOf(subject: Subject): string {
  switch (subject.kind) {
    case "pull request":
      return `pr-${subject.number}`;
    case "merge request":
      return `mr-${subject.number}`;
    case "tag":
      return hashed("tag", subject.name);
    case "branch":
      return isName(subject.name) && !looksMade(subject.name) ? subject.name : hashed("branch", subject.name);
    default:
      return subject satisfies never;
  }
}

function isName(name: string): boolean {
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name) && name.length <= maxLength;
}

/** Names that `nameOf` gives to something else. */
function looksMade(name: string): boolean {
  return /^[pm]r-\d+$/.test(name) || /(?:^|-)[0-9a-f]{8}$/.test(name);
}

function hashed(kind: "branch" | "tag", name: string): string {
  const hash = shortHash(`${kind} ${name}`);
  const head = slug(name).slice(0, maxLength - hash.length - 1);
  return [...head.split("-").filter((word) => word !== ""), hash].join("-");
}
