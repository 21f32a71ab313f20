import { toSwarmError } from "../../../errors.ts";
import { findEngine } from "../find-engine.ts";
import { findLanguageHost } from "../find-language-host.ts";
import type { Check } from "./check.ts";
import { onlyLook } from "./engine.ts";

export const languageHostCheck: Check = async ({ env }) => {
  const check = "language host";
  try {
    const host = await findLanguageHost(await findEngine(onlyLook(env)), onlyLook(env));
    return { check, status: "ok", detail: `${host.path} (${host.origin}: ${host.why})` };
  } catch (thrown) {
    const hint = "Only a bare `pulumi up` needs it: it is built then, or comes with the official Pulumi CLI.";
    const { code, message } = toSwarmError(thrown);
    return { check, status: "warn", detail: code === "SW503" ? "none yet" : firstLine(message), hint };
  }
};

function firstLine(text: string): string {
  return text.split("\n")[0] ?? text;
}
