import { toSwarmError } from "../../../errors.ts";
import { findProvider } from "../find-provider.ts";
import type { Engine, ProviderName } from "../model.ts";
import type { Check } from "./check.ts";
import { onlyLook } from "./engine.ts";

/** The engine that would download it: a look needs none. */
const none: Engine = { path: "", version: "", origin: "given", why: "" };

export const kubernetesCheck: Check = (context) => providerCheck("kubernetes", context.env);

export const dockerCheck: Check = (context) => providerCheck("docker", context.env);

async function providerCheck(name: ProviderName, env: Parameters<Check>[0]["env"]): ReturnType<Check> {
  const check = `${name} plugin`;
  try {
    const { version, origin, why } = await findProvider(name, none, onlyLook(env));
    if (origin !== "ours") return { check, status: "ok", detail: `v${version} (${origin}: ${why})` };
    const hint =
      "The official one is used where it is installed, or can be downloaded by the first command that needs it.";
    return { check, status: "ok", detail: `v${version} (our own: no official one is here)`, hint };
  } catch (error) {
    const { message, code, hints } = toSwarmError(error);
    const install = code === "SW506" ? `: ${hints.join(" ")}` : ".";
    return {
      check,
      status: "warn",
      detail: message.split("\n")[0] ?? message,
      hint: `Only the target ${name} needs it${install}`,
    };
  }
}
