import { type KillCase, killCases } from "./cases.ts";

/** Selects cases of the matrix by id. @throws Error for an unknown id */
export function killCasesNamed(...ids: readonly string[]): readonly KillCase[] {
  return ids.map((id) => {
    const found = killCases.find((one) => one.id === id);
    if (found === undefined) throw new Error(`the matrix has no case "${id}"`);
    return found;
  });
}

/** One case per recovery, for every target. */
export const killSample = killCasesNamed(
  "scale: engine during update, then rollback",
  "hibernate: runner during sleep, then resume",
);
