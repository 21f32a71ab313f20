import { shortHash, slug } from "../../names.ts";

/** The source of an environment's name. */
export type Subject =
  | { readonly kind: "pull request" | "merge request"; readonly number: string }
  | { readonly kind: "branch" | "tag"; readonly name: string };

/** Maximum length of a cluster name. */
const maxLength = 40;

/**
 * Names the environment of a branch, tag, pull request or merge request, deterministically and without collisions. A branch name
 * that is a valid cluster name is kept; any other is truncated and gets a hash, and so does one that looks generated.
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

/** Whether `nameOf` could produce this name for another subject. */
function looksMade(name: string): boolean {
  return /^[pm]r-\d+$/.test(name) || /(?:^|-)[0-9a-f]{8}$/.test(name);
}

function hashed(kind: "branch" | "tag", name: string): string {
  const hash = shortHash(`${kind} ${name}`);
  const head = slug(name).slice(0, maxLength - hash.length - 1);
  return [...head.split("-").filter((word) => word !== ""), hash].join("-");
}
