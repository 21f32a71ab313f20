import { checkBudget } from "./budget.ts";
import type { Rule, RuleContext } from "./context.ts";
import { checkCounts } from "./counts.ts";
import { checkGpuPools } from "./gpu-pools.ts";
import { checkGpuRequests } from "./gpu-requests.ts";
import { checkHierarchy } from "./hierarchy.ts";
import { checkKnowledge } from "./knowledge.ts";
import { checkLifetime } from "./lifetime.ts";
import { checkLiterals } from "./literals.ts";
import { checkOwners } from "./owners.ts";
import { checkSecrets } from "./secrets.ts";
import { checkSizes } from "./sizes.ts";
import { checkState } from "./state.ts";
import { checkTarget } from "./target.ts";
import { checkThresholds } from "./thresholds.ts";

const rules: readonly Rule[] = [
  checkHierarchy,
  checkCounts,
  checkLifetime,
  checkThresholds,
  checkOwners,
  checkGpuPools,
  checkGpuRequests,
  checkSecrets,
  checkLiterals,
  checkKnowledge,
  checkSizes,
  checkState,
  checkTarget,
  checkBudget,
];

/** Runs all rules across values. Each rule skips invalid values. */
export function checkMeaning(context: RuleContext): void {
  for (const rule of rules) rule(context);
}
