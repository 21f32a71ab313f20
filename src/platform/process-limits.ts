/** Limits of Linux for the arguments and the environment of a process. @see execve(2) */
export const processLimits = {
  /** Of one argument, or of one variable with its name, in bytes with the NUL behind it (MAX_ARG_STRLEN, 32 pages). */
  stringBytes: 128 * 1024,
  /** Of all that a blueprint gives to one process: a quarter of what the kernel takes, and what a Kubernetes object has room for. */
  totalBytes: 512 * 1024,
} as const;

/** Why no process can be started with this argument or `NAME=value`; undefined if one can. */
export function stringProblem(text: string): string | undefined {
  if (text.includes("\0")) return "it contains a NUL character";
  const bytes = stringBytes(text);
  return bytes <= processLimits.stringBytes
    ? undefined
    : `it has ${bytes} bytes, and a process takes at most ${processLimits.stringBytes} in one`;
}

/** Size of an argument or variable, with the NUL behind it. */
export function stringBytes(text: string): number {
  return Buffer.byteLength(text) + 1;
}
