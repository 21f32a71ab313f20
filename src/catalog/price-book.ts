import { z } from "zod";
import shipped from "./prices.json" with { type: "json" };

const usdPerHour = z.number().positive();

const priceBook = z.strictObject({
  source: z.string().min(1),
  date: z.iso.date(),
  region: z.string().min(1),
  instances: z.record(z.string(), usdPerHour),
  gpus: z.record(z.string(), usdPerHour),
});

/**
 * Prices with their source. `instances`: US dollars an hour by AWS instance type, on demand; `gpus`: for one GPU by
 * row of the GPU catalog, for nodes without an instance type. `date` is the day of the prices. JSON-safe.
 */
export type PriceBook = z.infer<typeof priceBook>;

/** A price, or "unpriced", which is never free. */
export type Price =
  | { readonly kind: "priced"; readonly usdPerHour: number }
  | { readonly kind: "unpriced"; readonly what: string };

/**
 * Parses the user's own price book.
 * @throws ZodError when it is invalid.
 */
export function readPriceBook(json: unknown): PriceBook {
  return priceBook.parse(json);
}

export const shippedPrices: PriceBook = readPriceBook(shipped);

/** Price of an AWS instance type, on demand. */
export function priceOfInstance(book: PriceBook, instance: string): Price {
  return priceIn(book.instances, instance);
}

/** Price of one GPU, for nodes without an instance type. */
export function priceOfGpu(book: PriceBook, gpu: string): Price {
  return priceIn(book.gpus, gpu);
}

function priceIn(prices: Readonly<Record<string, number>>, what: string): Price {
  const usd = Object.hasOwn(prices, what) ? prices[what] : undefined;
  return usd === undefined ? { kind: "unpriced", what } : { kind: "priced", usdPerHour: usd };
}
