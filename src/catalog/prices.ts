import type { PriceBook } from "./price-book.ts";

export const shippedPrices: PriceBook = { source: "", date: "", region: "", instances: {}, gpus: {} };
