import { type Priority, priorities } from "../task.ts";

/** The stream of an agent's tasks, if its blueprint names one. */
export interface StreamName {
  readonly stream: string;
  readonly group: string;
}

const defaultGroup = "swarmstack";

/**
 * The stream of a selector, named as in the original: `<type>:jobs`, after the cluster's name, since one Redis can
 * serve several clusters. Its length (XLEN) is the number of waiting and leased tasks.
 */
export function streamOf(cluster: string, selector: string, named: Readonly<Record<string, StreamName>>): StreamName {
  const [kind, value = ""] = selector.split(":", 2);
  const name = kind === "agent" ? named[value] : undefined;
  return name ?? { stream: `${cluster}:${kind === "agent" ? value : selector}:jobs`, group: defaultGroup };
}

/** The type of an agent in the original, of which its stream and its heartbeats are named: `browser` for `browser:jobs`. */
export function queueTypeOf(stream: string): string {
  return stream.replace(/:jobs$/, "");
}

/** The stream of tasks with another priority, next to the normal one. */
export function lineOf(stream: string, priority: Priority): string {
  return priority === "normal" ? stream : `${stream}:${priority}`;
}

/** Highest first. */
export const descending: readonly Priority[] = priorities.toReversed();
