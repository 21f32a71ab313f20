import type { Rule, RuleContext } from "./context.ts";
import { checkHierarchy } from "./hierarchy.ts";

const rules: readonly Rule[] = [checkHierarchy];

/** Everything beyond the shape of single values. Each rule passes over what could not be read. */
export function checkMeaning(context: RuleContext): void {
  for (const rule of rules) rule(context);
}
