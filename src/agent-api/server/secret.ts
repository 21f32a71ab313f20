import { readFileSync } from "node:fs";
import { SwarmError } from "../../errors.ts";

/**
 * The secret that signs tokens.
 *
 * @throws SwarmError SW802 when it cannot be read, SW608 when it is too short.
 */
export function readSecret(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw new SwarmError("SW802", `The secret in ${path} cannot be read: ${String(cause)}`, { cause });
  }
  if (text.length >= 32) return text;
  throw new SwarmError("SW608", `The secret in ${path} has ${text.length} characters; 32 are the least.`, {
    hints: ["make one: openssl rand -base64 32"],
  });
}
