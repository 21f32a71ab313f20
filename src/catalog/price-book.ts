/** Prices with their source; what is not in it is unpriced, never free. JSON-safe, so that users can bring their own. */
export interface PriceBook {
  readonly source: string;
  /** ISO 8601 day on which the prices were taken. */
  readonly date: string;
  readonly region: string;
  /** US dollars an hour by AWS instance type, on demand. */
  readonly instances: Readonly<Record<string, number>>;
  /** US dollars an hour for one GPU by row of the GPU catalog, for clusters that are not priced by instance. */
  readonly gpus: Readonly<Record<string, number>>;
}
