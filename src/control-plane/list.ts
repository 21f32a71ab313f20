import { recordAt, recordsAt } from "../platform/json.ts";
import type { Api } from "./api.ts";

const pageSize = 500;

export interface ListRequest {
  /** Path of the collection, such as "/api/v1/nodes". */
  readonly path: string;
  /** Such as "a=b,c=d". */
  readonly labelSelector?: string;
  readonly signal?: AbortSignal;
}

export interface Page {
  readonly items: readonly Record<string, unknown>[];
  /** Start of a subsequent watch. */
  readonly resourceVersion: string | undefined;
}

/** Yields the objects of a collection in pages of 500, in the newest state, not a cached one. */
export async function* listPages(
  api: Api,
  { path, labelSelector, signal }: ListRequest,
): AsyncGenerator<Page, void, undefined> {
  let token: string | undefined;
  do {
    const query = { limit: String(pageSize), labelSelector, continue: token };
    const { body } = await api.request({ method: "GET", path, query, signal });
    const { continue: next, resourceVersion } = recordAt(body, "metadata");
    yield {
      items: recordsAt(body, "items"),
      resourceVersion: typeof resourceVersion === "string" ? resourceVersion : undefined,
    };
    token = typeof next === "string" && next !== "" ? next : undefined;
  } while (token !== undefined);
}

export async function listAll(api: Api, request: ListRequest): Promise<Page> {
  const items: Record<string, unknown>[] = [];
  let resourceVersion: string | undefined;
  for await (const page of listPages(api, request)) {
    items.push(...page.items);
    resourceVersion = page.resourceVersion;
  }
  return { items, resourceVersion };
}
