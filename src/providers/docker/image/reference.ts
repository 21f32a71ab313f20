/** The registry in an image's name (distribution/reference: a first part with a dot or a port, or "localhost"). */
export function registryOf(name: string): string {
  const [first = "", ...rest] = name.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}

/** Whether a name is immutable: a digest, or an image id. */
export function isPinned(name: string): boolean {
  return /(^|@)sha256:[0-9a-f]{64}$/.test(name);
}

/** The image's digest in the repository of its name, as `repository@sha256:...`; empty without one. */
export function digestOf(name: string, repoDigests: readonly string[]): string {
  const repository = name.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
  return repoDigests.find((digest) => digest.startsWith(`${repository}@`)) ?? "";
}
