/** What an engine with its plugins needs at most; measured with 1,000 pods: 1.2 GiB. */
const engineBytes = 2 * 1024 ** 3;

/** How many engines a machine can run at once: one for each core, as far as its memory reaches, and at least one. */
export function enginesAtOnce(cores: number, memoryBytes: number): number {
  return Math.max(1, Math.min(cores, Math.floor(memoryBytes / engineBytes)));
}
