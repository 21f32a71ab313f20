import { known } from "../shape/shape.ts";
import type { RuleContext } from "./context.ts";

/** Checks that the names of knowledge bundles are unique. */
export function checkKnowledge({ cluster, report, value, line }: RuleContext): void {
  const shared = cluster?.shared;
  if (!known(shared) || !known(shared.knowledge)) return;
  const first = new Map<string, number>();
  for (const [index, bundle] of shared.knowledge.entries()) {
    if (!known(bundle) || !known(bundle.name)) continue;
    const before = first.get(bundle.name);
    const path = ["cluster", "shared", "knowledge"];
    if (before === undefined) first.set(bundle.name, index);
    else
      report("SW219", value([...path, index, "name"]), {
        value: bundle.name,
        first: `line ${line([...path, before])}`,
      });
  }
}
