import type { Command } from "commander";
import { locate } from "./locate.ts";

/** A word that fits at the cursor. */
export interface Candidate {
  readonly word: string;
  readonly description?: string;
}

/** The names that exist now, of the cluster of the line. */
export interface Sources {
  clusters(): Promise<readonly string[]>;
  /** @param cluster as the line names it */
  instances(cluster: string | undefined): Promise<readonly string[]>;
  agents(cluster: string | undefined): Promise<readonly string[]>;
  operations(): Promise<readonly Candidate[]>;
  tasks(cluster: string | undefined): Promise<readonly Candidate[]>;
}

/** Undefined leaves the word to the shell, which knows the files. */
export async function candidates(
  program: Command,
  words: readonly string[],
  sources: Sources,
): Promise<readonly Candidate[] | undefined> {
  const { place, given } = locate(program, words);
  const cluster = given.get("--stack") ?? given.get("--cluster");
  const found = await at();
  return found?.filter(({ word }) => word.startsWith(words.at(-1) ?? ""));

  async function at(): Promise<readonly Candidate[] | undefined> {
    switch (place.kind) {
      case "option":
        return place.options.flatMap(({ long, description }) => (long ? [{ word: long, description }] : []));
      case "command":
        return place.commands.map((one) => ({ word: one.name(), description: one.description() }));
      case "value":
        return named(place.option.argChoices ?? [], place.option.attributeName());
      case "operand":
        return place.name === undefined ? [] : named(place.choices, place.name);
      default:
        return place satisfies never;
    }
  }

  async function named(choices: readonly string[], name: string): Promise<readonly Candidate[] | undefined> {
    if (choices.length > 0) return wordsOf(choices);
    switch (name) {
      case "cluster":
        return wordsOf(await sources.clusters());
      case "instance":
        return wordsOf([
          ...(await sources.instances(cluster)),
          ...(takesAgents() ? await sources.agents(cluster) : []),
        ]);
      case "agent":
        return wordsOf(await sources.agents(cluster));
      case "operation":
        return sources.operations();
      case "id":
        return sources.tasks(cluster);
      default:
        return /blueprint|file|folder|path|cert|key|command|config/i.test(name) ? undefined : [];
    }
  }

  function takesAgents(): boolean {
    return words[0] === "logs";
  }
}

function wordsOf(words: readonly string[]): readonly Candidate[] {
  return [...new Set(words)].map((word) => ({ word }));
}
