/** A page of a list, newest first. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Pass it as `before` to get the next page; undefined on the last one. */
  readonly next: string | undefined;
}

export interface PageRequest {
  /** Maximum number of items. */
  readonly limit: number;
  /** Cursor: `next` of the previous page. */
  readonly before?: string | undefined;
}

/** Builds a page from rows that were queried with `limit + 1`. */
export function page<Row, Item>(
  rows: readonly Row[],
  limit: number,
  id: (row: Row) => string,
  item: (row: Row) => Item,
): Page<Item> {
  const part = rows.slice(0, limit);
  const last = part.at(-1);
  return { items: part.map(item), next: rows.length > limit && last !== undefined ? id(last) : undefined };
}
