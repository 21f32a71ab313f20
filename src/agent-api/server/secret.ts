import { readFileSync } from "node:fs";
import { SwarmError } from "../../errors.ts";

/**
 * Reads the secret that signs tokens.
 * @throws SwarmError SW802 when it cannot be read, SW608 when it is too short.
 */
export function readSecret(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw new SwarmError("SW802", `the secret in ${path} cannot be read: ${String(cause)}`, { cause });
  }
  if (text.length >= 32) return text;
  throw new SwarmError("SW608", `the secret in ${path} has ${text.length} characters; it needs at least 32`, {
    hints: ["openssl rand -base64 32"],
  });
}
