import { type Expression, parseExpression } from "../../../blueprint/notation/expression.ts";
import { type Signal, unknown } from "../../signal.ts";
import { readSignal } from "../read.ts";
import type { RedisConnections } from "../redis/connections.ts";
import { readHttpJson } from "./http-json.ts";
import { type PrometheusAddress, queryPrometheus } from "./prometheus.ts";
import { backlogSignal, readStream } from "./stream.ts";

export interface ExpressionSources {
  readonly connections: RedisConnections;
  /** URL of the Redis of `redis:` expressions. */
  readonly redis: string | undefined;
  readonly prometheus: PrometheusAddress | undefined;
  readonly deadlineMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Reads the `expression` of a signal; it is `unknown` where its source does not answer in time. */
export async function readExpression(text: string, sources: ExpressionSources, signal: AbortSignal): Promise<Signal> {
  const parsed = parseExpression(text);
  if (!parsed.ok) return unknown(`the expression cannot be read: ${parsed.why}`);
  const expression = parsed.value;
  return readSignal(nameOf(expression), sources.deadlineMs, signal, (until) => ask(expression, sources, until));
}

async function ask(expression: Expression, sources: ExpressionSources, signal: AbortSignal): Promise<Signal> {
  const { connections, redis, prometheus, deadlineMs, now } = sources;
  switch (expression.kind) {
    case "prometheus":
      if (prometheus === undefined) return unknown("PROMETHEUS_URL is not set");
      return queryPrometheus(prometheus, expression.query, now, signal);
    case "http":
      return readHttpJson(expression.url, expression.pointer, now, signal);
    case "stream": {
      const { stream, group } = expression;
      if (redis === undefined) return unknown("the cluster has no Redis, and REDIS_URL is not set");
      return backlogSignal(
        await connections.use(redis, { deadlineMs, signal }, (client) => readStream(client, stream)),
        group,
      );
    }
    default:
      return expression satisfies never;
  }
}

function nameOf(expression: Expression): string {
  switch (expression.kind) {
    case "prometheus":
      return "Prometheus";
    case "http":
      return `${expression.url.origin}${expression.url.pathname}`;
    case "stream":
      return "Redis";
    default:
      return expression satisfies never;
  }
}
