import { targets } from "../../targets/targets.ts";
import { known } from "../shape/shape.ts";
import type { Path } from "../source/tree.ts";
import type { RuleContext } from "./context.ts";

/** Checks that agents list existing secrets, that variables are unambiguous, and that every secret is used. */
export function checkSecrets(context: RuleContext): void {
  const { draft, agents, agentsComplete, report, key, value, suggest } = context;
  const secrets = draft.secrets === undefined ? {} : draft.secrets;
  if (!known(secrets)) return;
  const used = new Set<string>();
  let complete = agentsComplete;
  for (const agent of agents) {
    if (!known(agent.draft.secrets)) {
      complete &&= agent.draft.secrets === undefined;
      continue;
    }
    const common = known(draft.defaults) && known(draft.defaults.env) ? draft.defaults.env : {};
    const env = { ...common, ...(known(agent.draft.env) ? agent.draft.env : {}) };
    for (const [index, name] of agent.draft.secrets.entries()) {
      if (!known(name)) {
        complete = false;
        continue;
      }
      used.add(name);
      const location = value([...agent.path, "secrets", index]);
      if (!Object.hasOwn(secrets, name)) {
        const suggestion = suggest(name, () => Object.keys(secrets));
        // The suggested secret counts as used.
        if (suggestion !== undefined) used.add(suggestion);
        report(
          "SW360",
          location,
          { name },
          { suggestion, fix: suggestion === undefined ? `add ${name} to secrets` : undefined },
        );
      } else if (Object.hasOwn(env, name)) report("SW362", location, { name }, { fix: "remove it from env" });
    }
  }
  for (const name of Object.keys(secrets)) {
    if (complete && !used.has(name)) report("SW363", key(["secrets", name]), { name }, { severity: "warning" });
  }
  checkKubernetesSecrets(context);
  checkReserved(context);
}

function checkKubernetesSecrets({ draft, target, report, value }: RuleContext): void {
  if (target === undefined || targets[target].kubernetes || !known(draft.secrets)) return;
  for (const [name, reference] of Object.entries(draft.secrets)) {
    if (!known(reference) || reference.kind !== "kubernetes") continue;
    report("SW431", value(["secrets", name, "kubernetes"]), { target }, { fix: "use env, file or config" });
  }
}

function checkReserved({ draft, agents, report, key }: RuleContext): void {
  for (const name of known(draft.secrets) ? Object.keys(draft.secrets) : []) {
    if (name.startsWith("SWARM_")) report("SW364", key(["secrets", name]), { name });
  }
  const maps: { readonly env: unknown; readonly path: Path }[] = agents.map((agent) => ({
    env: agent.draft.env,
    path: [...agent.path, "env"],
  }));
  if (known(draft.defaults)) maps.push({ env: draft.defaults.env, path: ["defaults", "env"] });
  for (const { env, path } of maps) {
    if (typeof env !== "object" || env === null) continue;
    for (const name of Object.keys(env)) if (name.startsWith("SWARM_")) report("SW364", key([...path, name]), { name });
  }
}
