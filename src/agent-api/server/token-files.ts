import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../platform/clock.ts";
import { makeFolder, writeText } from "../../platform/files.ts";
import type { TokenIssuer } from "../token-issuer.ts";
import { tokenLifetimeMs } from "../token-issuer.ts";
import type { ServedCluster } from "./cluster-file.ts";
import { readSecret } from "./secret.ts";

const file = "token";
/** Two can fail before a token ends. */
const renewMs = tokenLifetimeMs / 4;

export interface TokenFiles {
  /** Has a folder for each instance, of its id, which nobody else sees; the token is written there as `token`. */
  readonly folder: string;
  readonly tokens: TokenIssuer;
  readonly clock: Clock;
  readonly onProblem: (message: string) => void;
}

/** Writes the tokens of all instances that have a folder, and renews them in time. @returns what ends it */
export function keepTokenFiles(
  { agents }: ServedCluster,
  { folder, tokens, clock, onProblem }: TokenFiles,
): () => void {
  const keys = new Set(agents.map(({ key }) => key));
  let cancel = () => {};
  const write = () => {
    for (const instance of readdirSync(folder)) {
      const agent = /^(.+)-\d+$/.exec(instance)?.[1] ?? "";
      if (!keys.has(agent)) continue;
      try {
        writeText(join(folder, instance, file), tokens.issue(instance, agent).token);
      } catch (error) {
        onProblem(`the token of ${instance} is not written: ${String(error)}`);
      }
    }
    cancel = clock.after(renewMs, write);
  };
  write();
  return () => cancel();
}

/** The secret of a server that makes its own: in its folder, made once. */
export function ownSecret(folder: string): string {
  const path = join(folder, "secret");
  makeFolder(folder);
  if (!existsSync(path)) writeText(path, randomBytes(32).toString("base64"), true);
  return readSecret(path);
}
