/** The registry of an image's name (distribution/reference: a first part with a dot or a port, or "localhost"). */
export function registryOf(name: string): string {
  const [first = "", ...rest] = name.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}

/** Whether a name means the same image for ever: by digest, or by the id that the daemon gave it. */
export function isPinned(name: string): boolean {
  return /(^|@)sha256:[0-9a-f]{64}$/.test(name);
}

/** The digest that the image has in the repository of its name, as `repository@sha256:...`; empty where it has none. */
export function digestOf(name: string, repoDigests: readonly string[]): string {
  const repository = name.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
  return repoDigests.find((digest) => digest.startsWith(`${repository}@`)) ?? "";
}
