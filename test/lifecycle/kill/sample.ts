import { type KillCase, killCases } from "./cases.ts";

/** Cases of the matrix by their ids. @throws Error for an id that the matrix does not have */
export function killCasesNamed(...ids: readonly string[]): readonly KillCase[] {
  return ids.map((id) => {
    const found = killCases.find((one) => one.id === id);
    if (found === undefined) throw new Error(`the matrix has no case "${id}"`);
    return found;
  });
}

/** One of each way: what is killed on every target. */
export const killSample = killCasesNamed(
  "scale: engine during update, then rollback",
  "hibernate: runner during sleep, then resume",
);
