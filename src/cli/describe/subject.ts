import { SwarmError } from "../../errors.ts";

export const subjectKinds = ["cluster", "agent", "instance", "operation", "task"] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** What a description is asked for; the kind is undefined where the name decides. */
export interface Subject {
  readonly kind: SubjectKind | undefined;
  readonly name: string | undefined;
}

/** Ids of the journal and of the queue: a prefix and 26 characters. */
const idKinds: readonly (readonly [RegExp, SubjectKind])[] = [
  [/^op-[0-9a-z]{26}$/, "operation"],
  [/^task-[0-9a-z]{26}$/, "task"],
];

/** Parses `NAME`, `KIND NAME` or `KIND/NAME`. @throws SwarmError SW801 */
export function parseSubject(words: readonly string[]): Subject {
  const [first, second, ...others] = words;
  if (others.length > 0) throw new SwarmError("SW801", `expected one name, or a kind and a name: ${words.join(" ")}`);
  if (first === undefined) return { kind: "cluster", name: undefined };
  if (second !== undefined) return { kind: parseKind(first), name: second };
  const slash = first.indexOf("/");
  // `project/stack/name` is a cluster in a Pulumi program.
  if (slash !== -1 && first.indexOf("/", slash + 1) === -1) {
    return { kind: parseKind(first.slice(0, slash)), name: first.slice(slash + 1) };
  }
  return { kind: idKinds.find(([pattern]) => pattern.test(first))?.[1], name: first };
}

function parseKind(text: string): SubjectKind {
  const kind = subjectKinds.find((one) => one === text.toLowerCase());
  if (kind !== undefined) return kind;
  throw new SwarmError("SW801", `"${text}" is not one of ${subjectKinds.join(", ")}`);
}

/** Which of the kinds that have a name is meant: a cluster before an agent before an instance. */
export function decideKind(
  name: string,
  known: {
    readonly clusters: readonly string[];
    readonly agents: readonly string[];
    readonly instances: readonly string[];
  },
): "cluster" | "agent" | "instance" {
  if (known.clusters.includes(name)) return "cluster";
  if (known.agents.includes(name)) return "agent";
  if (known.instances.includes(name)) return "instance";
  const names = [...known.clusters, ...known.agents, ...known.instances].join(", ") || "none";
  throw new SwarmError("SW705", `nothing is named ${name} (clusters, agents and instances: ${names})`, {
    hints: ["list clusters: swarmctl status", "list instances: swarmctl agents"],
    values: { name },
  });
}
