/** A guard of the product, the smallest change of the source that takes it out, and the tests that must go red then. */
export interface Fence {
  /** `<group>: <what holds no more without it>`. */
  readonly name: string;
  readonly file: string;
  /** In the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly project: "unit" | "promises" | "targets" | "full";
  readonly tests: readonly string[];
  /** The tests start the compiled program, as those do that run swarmctl or the engine. */
  readonly needsBuild?: true;
}

/**
 * The text of a file without the fence.
 *
 * @throws Error when what is to be replaced is not there exactly once
 */
export function mutate(text: string, { file, find, replace }: Fence): string {
  const parts = text.split(find);
  if (parts.length === 2) return parts.join(replace);
  throw new Error(`${file} has ${parts.length - 1} times what is to be replaced: ${find}`);
}
