import { type PriceBook, shippedPrices } from "../catalog/price-book.ts";
import { assemble } from "./assemble.ts";
import { createCollector } from "./diagnostics/collect.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import type { Blueprint, TargetKind } from "./model.ts";
import { createPositions, type Positions } from "./positions.ts";
import { createContext } from "./rules/context.ts";
import { checkMeaning } from "./rules/rules.ts";
import { blueprintShape } from "./schema/blueprint.ts";
import { invalid } from "./shape/shape.ts";
import { readYaml } from "./source/read-yaml.ts";

export interface ParseOptions {
  /** Name of the file, for messages only. */
  readonly file: string;
  /** Checks the blueprint for this target instead of its own. */
  readonly target?: TargetKind | undefined;
  /** Whether a Redis is configured elsewhere (REDIS_URL), so that queues need none in the file. */
  readonly hasRedis?: boolean;
  /** Prices for budgets; default: the shipped ones. */
  readonly prices?: PriceBook;
}

export interface ParseResult {
  /** Undefined after an error; warnings do not matter. */
  readonly blueprint: Blueprint | undefined;
  /** All problems, in file order. */
  readonly diagnostics: readonly Diagnostic[];
  /** Position of each value, for messages of later stages. */
  readonly positions: Positions;
}

/**
 * Parses a blueprint from YAML text and checks it, also for its target. All problems are found in one pass; an
 * invalid blueprint does not throw, and the time is bounded for any text.
 */
export function parseBlueprint(text: string, options: ParseOptions): ParseResult {
  const collector = createCollector();
  const { lines, root } = readYaml(text, collector.report);
  const draft = root === undefined ? invalid : blueprintShape.read(root, [], collector.report);
  if (root !== undefined && draft !== invalid) {
    const { target, hasRedis = false, prices = shippedPrices } = options;
    checkMeaning(createContext(draft, root, lines, collector.report, { target, hasRedis, prices }));
  }
  const diagnostics = collector.finish(lines);
  const failed = diagnostics.some(({ severity }) => severity === "error");
  const blueprint = failed || draft === invalid ? undefined : assemble(draft, options.target);
  return { blueprint, diagnostics, positions: createPositions(root, lines) };
}
