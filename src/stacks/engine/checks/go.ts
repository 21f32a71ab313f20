import { findGo } from "../go.ts";
import { oldestGo } from "../version.ts";
import type { Check } from "./check.ts";

export const goCheck: Check = async ({ env, machine }) => {
  const go = await findGo(env, machine.goFolders);
  if (typeof go !== "string") return { check: "go", status: "ok", detail: `v${go.version} at ${go.path}` };
  const hint = `Only a build of the engine needs it: Go ${oldestGo} or newer.`;
  return { check: "go", status: "warn", detail: go, hint };
};
