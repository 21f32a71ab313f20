import { isRecord } from "../platform/json.ts";
import type { Json } from "../store/json.ts";
import type { Registration } from "./database/registrations.ts";

/**
 * Version of the agent API that an instance speaks: `versions.api` of its registration, 1 without it.
 * - 1: a payload is an object;
 * - 2: a payload is any JSON.
 */
export function apiVersionOf(registration: Registration | undefined): number {
  const written = registration?.versions.api ?? "1";
  return /^[1-9]\d{0,8}$/.test(written) ? Number(written) : 1;
}

/** The payload as an instance of this version receives it: version 1 gets text as `{text}`, other JSON as `{value}`. */
export function payloadFor(payload: Json, version: number): Json {
  if (version >= 2 || isRecord(payload)) return payload;
  return typeof payload === "string" ? { text: payload } : { value: payload };
}
