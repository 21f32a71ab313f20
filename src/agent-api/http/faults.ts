import type { FastifyInstance } from "fastify";
import { catalogue, SwarmError, toSwarmError } from "../../errors.ts";

/** Every failure of a server leaves it as a SerializedError, with the status of its code. */
export function answerFaults(app: FastifyInstance): void {
  app.setErrorHandler((thrown, _request, reply) => {
    const error = faultOf(thrown);
    if (error.code === "SW900") console.error(thrown);
    if (error.code === "SW712") reply.header("retry-after", "1");
    return reply.code(catalogue[error.code].http).send(error.toJSON());
  });
  app.setNotFoundHandler((request) => {
    throw new SwarmError("SW705", `There is no ${request.method} ${request.url}.`);
  });
}

/** What fastify refuses by itself has a status, and no code of ours. */
function faultOf(thrown: unknown): SwarmError {
  if (thrown instanceof SwarmError || !(thrown instanceof Error)) return toSwarmError(thrown);
  const status = "statusCode" in thrown && typeof thrown.statusCode === "number" ? thrown.statusCode : 500;
  if (status === 413) return new SwarmError("SW711", `The request is too large: ${thrown.message}.`, { cause: thrown });
  if (status >= 400 && status < 500) {
    return new SwarmError("SW608", `The request is not valid: ${thrown.message}.`, { cause: thrown });
  }
  return toSwarmError(thrown);
}
