import type { PriceBook } from "../../catalog/price-book.ts";
import { didYouMean } from "../../platform/did-you-mean.ts";
import { defaultTarget, isTargetKind, type TargetKind } from "../../targets/kinds.ts";
import type { Report, SourceLocation } from "../diagnostics/diagnostic.ts";
import { keyLocation, valueLocation } from "../positions.ts";
import type { AgentDraft, BlueprintDraft, ClusterDraft, Maybe, PoolDraft } from "../schema/blueprint.ts";
import { type Invalid, invalid, known } from "../shape/shape.ts";
import type { Lines } from "../source/lines.ts";
import type { Node, Path } from "../source/tree.ts";

/** Input of a rule: the parsed blueprint and its positions. */
export interface RuleContext {
  readonly draft: BlueprintDraft;
  readonly root: Node;
  readonly report: Report;
  /** Undefined if the blueprint's own target is invalid. */
  readonly target: TargetKind | undefined;
  /** Whether the target is not the one in the file, whose settings do not apply to it. */
  readonly targetOverridden: boolean;
  readonly hasRedis: boolean;
  readonly prices: PriceBook;
  readonly cluster: ClusterDraft | undefined;
  /** The readable agents, in file order. */
  readonly agents: readonly Numbered<AgentDraft>[];
  /** False if an agent, or the whole list, is invalid. */
  readonly agentsComplete: boolean;
  readonly pools: readonly Numbered<PoolDraft>[];
  readonly poolsComplete: boolean;
  readonly value: (path: Path) => SourceLocation;
  readonly key: (path: Path) => SourceLocation;
  readonly line: (path: Path) => number;
  /** The most similar name, for a limited number of calls, because the comparison is expensive. */
  readonly suggest: (word: string, candidates: () => Iterable<string>) => string | undefined;
}

const mostSuggestions = 100;

export interface Numbered<T> {
  readonly draft: T;
  readonly index: number;
  readonly path: Path;
}

/** One or a few related checks. */
export type Rule = (context: RuleContext) => void;

export interface RuleSettings {
  readonly target: TargetKind | undefined;
  readonly hasRedis: boolean;
  readonly prices: PriceBook;
}

export function createContext(
  draft: BlueprintDraft,
  root: Node,
  lines: Lines,
  report: Report,
  settings: RuleSettings,
): RuleContext {
  const cluster = known(draft.cluster) ? draft.cluster : undefined;
  const kind = cluster === undefined ? undefined : kindOf(cluster);
  const agents = number("agents", draft.agents);
  const pools = number("gpu_pools", draft.gpu_pools);
  const key = (path: Path): SourceLocation => keyLocation(root, path);
  let suggestions = 0;
  return {
    draft,
    root,
    report,
    target: settings.target ?? kind,
    targetOverridden: settings.target !== undefined && settings.target !== kind,
    hasRedis: settings.hasRedis,
    prices: settings.prices,
    cluster,
    agents: agents.items,
    agentsComplete: agents.complete,
    pools: pools.items,
    poolsComplete: pools.complete,
    value: (path) => valueLocation(root, path),
    key,
    line: (path) => lines.position(key(path).span).line,
    suggest: (word, candidates) => (++suggestions > mostSuggestions ? undefined : didYouMean(word, candidates())),
  };
}

function number<T>(
  name: string,
  list: Maybe<readonly (T | Invalid)[]>,
): { items: readonly Numbered<T>[]; complete: boolean } {
  if (!known(list)) return { items: [], complete: list === undefined };
  const items = list.flatMap((draft, index) => (draft === invalid ? [] : [{ draft, index, path: [name, index] }]));
  return { items, complete: items.length === list.length };
}

/** Undefined if the target is invalid. */
function kindOf({ target }: ClusterDraft): TargetKind | undefined {
  if (target === undefined) return defaultTarget;
  return known(target) && known(target.kind) && isTargetKind(target.kind) ? target.kind : undefined;
}
