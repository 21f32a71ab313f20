import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";

/** A real HTTP server on the loopback, whose answer a test sets. */
export interface HttpSource {
  readonly url: string;
  answer: RequestListener;
  close(): Promise<void>;
}

export async function startHttpSource(): Promise<HttpSource> {
  const source: { answer: RequestListener } = { answer: () => {} };
  const server = createServer((request, response) => source.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return Object.assign(source, {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** Answers with JSON. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): RequestListener {
  return (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}

/** An answer of Prometheus with samples of one value each, some seconds old. */
export function samples(values: readonly string[], { ageSeconds = 0, more = {} } = {}): RequestListener {
  return (request, response) => {
    const at = Date.now() / 1000 - ageSeconds;
    const result = values.map((value) => ({ metric: {}, value: [at, value] }));
    json({ status: "success", data: { resultType: "vector", result }, ...more })(request, response);
  };
}

/** Takes the request and says nothing. */
export const silence: RequestListener = () => {};
