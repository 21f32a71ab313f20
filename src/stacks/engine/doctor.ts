import { backendCheck } from "./checks/backend.ts";
import { cacheCheck } from "./checks/cache.ts";
import type { Check, CheckContext, DoctorRow } from "./checks/check.ts";
import { engineCheck } from "./checks/engine.ts";
import { goCheck } from "./checks/go.ts";
import { languageHostCheck } from "./checks/language-host.ts";
import { nodeCheck } from "./checks/node.ts";
import { dockerCheck, kubernetesCheck } from "./checks/provider.ts";
import { thisMachine } from "./machine.ts";

const checks: readonly Check[] = [
  nodeCheck,
  engineCheck,
  languageHostCheck,
  kubernetesCheck,
  dockerCheck,
  goCheck,
  cacheCheck,
  backendCheck,
];

/**
 * Looks at what an operation needs on this machine, without a download or a build; never throws.
 *
 * One row a check, always in the same order; a check that has nothing to look at gives none.
 */
export async function doctorEngine(context: Partial<CheckContext> = {}): Promise<DoctorRow[]> {
  const full = { ...context, env: context.env ?? process.env, machine: context.machine ?? thisMachine };
  const rows = await Promise.all(checks.map((check) => check(full)));
  return rows.filter((row) => row !== undefined);
}
