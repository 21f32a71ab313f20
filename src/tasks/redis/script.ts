import { createHash } from "node:crypto";
import type { RedisClient } from "./connect.ts";

/** A Lua script that the server knows by its hash, and is taught when it does not. */
export class Script {
  readonly text: string;
  readonly #hash: string;

  constructor(parts: readonly string[]) {
    this.text = parts.join("");
    this.#hash = createHash("sha1").update(this.text).digest("hex");
  }

  async run(client: RedisClient, base: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    const call = { keys: [base], arguments: [JSON.stringify(args)] };
    try {
      return await client.evalSha(this.#hash, call);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return client.eval(this.text, call);
    }
  }
}
