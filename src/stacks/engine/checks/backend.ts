import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Environment } from "../model.ts";
import type { Check } from "./check.ts";
import { whyUnwritable } from "./writable.ts";

const scheme = "file://";

export const backendCheck: Check = async ({ env, backendUrl = env.PULUMI_BACKEND_URL }) => {
  if (!backendUrl) return undefined;
  if (!backendUrl.startsWith(scheme)) {
    // The rest of an address may hold a key.
    return { check: "backend", status: "ok", detail: `shared, ${backendUrl.split(":")[0]}` };
  }
  const folder = backendFolder(backendUrl, env);
  const reason = await whyUnwritable(folder);
  if (reason === undefined) return { check: "backend", status: "ok", detail: folder };
  return { check: "backend", status: "fail", detail: reason, hint: "Let the backend be a folder that can be written." };
};

/** The engine also takes "file://~" for the home folder and "file://./state" for a relative one. */
function backendFolder(url: string, env: Environment): string {
  const rest = url.slice(scheme.length).split("?")[0] ?? "";
  if (rest.startsWith("~")) return join(env.HOME || homedir(), rest.slice(1));
  return isAbsolute(rest) ? fileURLToPath(`${scheme}${rest}`) : resolve(rest);
}
