import { resourceName, slug } from "../names.ts";

/**
 * Identity of an agent inside its blueprint: the slug of its name, with a hash if the slug would lose letters (a name
 * in another script) or is too long.
 * @example agentKey("Content Creator") // "content-creator"
 */
export function agentKey(name: string): string {
  const short = slug(name);
  const letters = name.normalize("NFKD").match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const kept = short.replaceAll("-", "").length;
  return kept > 0 && kept === letters && short.length <= 48 ? short : resourceName([name]);
}
