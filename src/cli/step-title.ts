/** Names of steps in the journal that differ from the words of the documentation; the journal keeps its names. */
const titles: Readonly<Record<string, string>> = { fold: "coalesce" };

/** The name of a step, for people. */
export function stepTitle(name: string): string {
  return titles[name] ?? name;
}
