import { inspect } from "node:util";
import type { FastifyInstance } from "fastify";
import { catalogue, SwarmError, toSwarmError } from "../../errors.ts";
import { printableLines } from "../../platform/printable.ts";

/** Answers every failure with a SerializedError and the HTTP status of its code. */
export function answerFaults(app: FastifyInstance): void {
  app.setErrorHandler((thrown, _request, reply) => {
    const error = faultOf(thrown);
    if (error.code === "SW900") console.error(printableLines(inspect(thrown)));
    if (error.code === "SW712") reply.header("retry-after", "1");
    return reply.code(catalogue[error.code].http).send(error.toJSON());
  });
  app.setNotFoundHandler((request) => {
    throw new SwarmError("SW705", `${request.method} ${request.url} does not exist`);
  });
}

/** Maps fastify's own refusals, which have a status but no SW code. */
function faultOf(thrown: unknown): SwarmError {
  if (thrown instanceof SwarmError || !(thrown instanceof Error)) return toSwarmError(thrown);
  const status = "statusCode" in thrown && typeof thrown.statusCode === "number" ? thrown.statusCode : 500;
  if (status === 413) return new SwarmError("SW711", `the request is too large: ${thrown.message}`, { cause: thrown });
  if (status >= 400 && status < 500) {
    return new SwarmError("SW608", `the request is not valid: ${thrown.message}`, { cause: thrown });
  }
  return toSwarmError(thrown);
}
