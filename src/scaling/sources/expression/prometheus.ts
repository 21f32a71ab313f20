import { z } from "zod";
import { type Signal, unknown } from "../../signal.ts";
import { agedSignal } from "./aged.ts";
import { getJson } from "./get-json.ts";

const sample = z.tuple([z.number(), z.string()]);

const answerSchema = z.object({
  status: z.string(),
  error: z.string().optional(),
  /** A partial answer, of a server that asks several others. */
  warnings: z.array(z.string()).default([]),
  data: z
    .discriminatedUnion("resultType", [
      z.object({ resultType: z.literal("vector"), result: z.array(z.object({ value: sample })) }),
      z.object({ resultType: z.literal("scalar"), result: sample }),
      z.object({ resultType: z.literal("matrix") }),
      z.object({ resultType: z.literal("string") }),
    ])
    .optional(),
});

/** Where Prometheus is, and how to be let in; from the environment of the autoscaler, never from a blueprint. */
export interface PrometheusAddress {
  readonly url: string;
  readonly token?: string | undefined;
}

/** The value of a query now. @see https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
export async function queryPrometheus(
  { url: base, token }: PrometheusAddress,
  query: string,
  now: () => number,
  signal: AbortSignal,
): Promise<Signal> {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/api/v1/query`;
  url.searchParams.set("query", query);
  const basic = decodeURIComponent(`${url.username}:${url.password}`);
  url.username = "";
  url.password = "";
  const authorization = token !== undefined ? `Bearer ${token}` : basic !== ":" ? `Basic ${btoa(basic)}` : undefined;
  const { body } = await getJson(url, authorization === undefined ? {} : { authorization }, now, signal);
  return prometheusSignal(body, now());
}

/** The value of an answer: of one sample, or of a scalar. */
export function prometheusSignal(body: unknown, nowMs: number): Signal {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return unknown("the answer is not one of Prometheus");
  const { status, error, warnings, data } = parsed.data;
  if (status !== "success" || data === undefined) return unknown(`the query failed: ${error ?? status}`);
  if (warnings.length > 0) return unknown(`the answer is partial: ${warnings[0]}`);
  switch (data.resultType) {
    case "scalar":
      return sampleSignal(data.result, nowMs);
    case "vector": {
      const [only, ...others] = data.result;
      if (only === undefined) return unknown("the query has no result");
      if (others.length > 0)
        return unknown(`the query has ${others.length + 1} results, and one is needed, e.g. by sum()`);
      return sampleSignal(only.value, nowMs);
    }
    case "matrix":
    case "string":
      return unknown(`the query has a ${data.resultType} as its result`);
    default:
      return data satisfies never;
  }
}

function sampleSignal([seconds, text]: z.infer<typeof sample>, nowMs: number): Signal {
  return agedSignal(text.trim() === "" ? Number.NaN : Number(text), "the result", nowMs - 1000 * seconds);
}
