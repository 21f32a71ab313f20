import { type Price, priceOfGpu, priceOfInstance } from "../../catalog/price-book.ts";
import { targets } from "../../targets/targets.ts";
import type { Maybe, PoolDraft } from "../schema/blueprint.ts";
import { known } from "../shape/shape.ts";
import type { Numbered, RuleContext } from "./context.ts";
import { demandOn } from "./gpu-demand.ts";
import { unitsPerNode } from "./gpu-pools.ts";

/** As billed: 365 days of 24 hours, by twelve. */
const hoursPerMonth = 730;

/** The budget is not under what the minimum size costs, as far as it is priced. */
export function checkBudget(context: RuleContext): void {
  const budget = context.cluster?.budget;
  if (!known(budget)) return;
  const hourly = leastCost(context);
  if (hourly === undefined || hourly.usd === 0) return;
  const limits: readonly Limit[] = [
    { key: "max_hourly_usd", limit: budget.max_hourly_usd, cost: hourly.usd, per: "an hour" },
    { key: "max_monthly_usd", limit: budget.max_monthly_usd, cost: hourly.usd * hoursPerMonth, per: "a month" },
  ];
  for (const { key, limit, cost, per } of limits) {
    if (!known(limit) || limit >= cost) continue;
    const values = { budget: String(limit), cost: cost.toFixed(2), per, unpriced: hourly.unpriced };
    context.report("SW370", context.value(["cluster", "budget", key]), values);
  }
}

interface Limit {
  readonly key: string;
  readonly limit: Maybe<number>;
  readonly cost: number;
  readonly per: string;
}

/** Of the GPU nodes that the minimum counts need, an hour; nothing is said of what has no price. */
function leastCost(context: RuleContext): { readonly usd: number; readonly unpriced: number } | undefined {
  let usd = 0;
  let unpriced = 0;
  for (const pool of context.pools) {
    const nodes = leastNodes(pool, context);
    const price = priceOfNode(pool.draft, context);
    if (nodes === undefined || price === undefined) return undefined;
    const spot = known(pool.draft.spot) ? (pool.draft.spot.base_on_demand ?? 0) : nodes;
    const onDemand = Math.min(nodes, known(spot) ? spot : 0);
    if (price.kind === "priced") usd += price.usdPerHour * onDemand;
    if (price.kind === "unpriced" || onDemand < nodes) unpriced += 1;
  }
  return { usd, unpriced };
}

function leastNodes(pool: Numbered<PoolDraft>, context: RuleContext): number | undefined {
  const { nodes } = pool.draft;
  const demand = demandOn(pool, context);
  const each = unitsPerNode(pool.draft);
  if (!known(nodes) || demand === undefined || each === undefined) return undefined;
  return Math.max(nodes.min, Math.ceil(demand.min / each.units));
}

function priceOfNode(pool: PoolDraft, { target, cluster, prices }: RuleContext): Price | undefined {
  const perNode = pool.gpus_per_node ?? 1;
  if (!known(pool.gpu) || !known(perNode) || target === undefined) return undefined;
  const instances = targets[target].gpus?.instances;
  if (instances === undefined) {
    const price = priceOfGpu(prices, pool.gpu);
    return price.kind === "priced" ? { kind: "priced", usdPerHour: price.usdPerHour * perNode } : price;
  }
  const region = known(cluster?.target) ? cluster.target.region : undefined;
  const [instance] = instances.withGpus(pool.gpu, perNode);
  // A list of one region says nothing about another.
  if (instance === undefined || (region !== undefined && region !== prices.region))
    return { kind: "unpriced", what: pool.gpu };
  return priceOfInstance(prices, instance.name);
}
