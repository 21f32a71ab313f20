import { SwarmError } from "../errors.ts";

/**
 * Splits the operands `[cluster] [other]` of a command. A single word is the other one where `--cluster` names the cluster, or where
 * `isOther` recognises it.
 *
 * @throws SwarmError SW801 when two clusters are named
 */
export function splitOperands(
  [first, second]: readonly [string | undefined, string | undefined],
  option: string | undefined,
  isOther: (word: string) => boolean = () => false,
): { readonly cluster: string | undefined; readonly other: string | undefined } {
  const isAlone = first !== undefined && second === undefined;
  if (isAlone && (option !== undefined || isOther(first))) {
    return first === option ? { cluster: option, other: undefined } : { cluster: option, other: first };
  }
  if (first !== undefined && option !== undefined && first !== option) {
    throw new SwarmError("SW801", `two clusters are named: ${first} and ${option}`);
  }
  return { cluster: first ?? option, other: second };
}
