/** A JSON answer with what it says of its age. */
export interface JsonAnswer {
  readonly body: unknown;
  /** Milliseconds: since a cache has it, or since the server's clock said so; 0: not known to be old. */
  readonly ageMs: number;
}

/** No answer with one number is larger. */
const mostBytes = 4 * 2 ** 20;

/**
 * Gets a JSON document. Follows no redirect: what it authorises is meant for one server.
 * @throws Error with a reason without the query and the credentials
 */
export async function getJson(
  url: URL,
  headers: Readonly<Record<string, string>>,
  now: () => number,
  signal: AbortSignal,
): Promise<JsonAnswer> {
  const answer = await fetch(url, { headers: { accept: "application/json", ...headers }, redirect: "error", signal });
  const text = await readText(answer);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const ages = [1000 * Number(answer.headers.get("age")), now() - Date.parse(answer.headers.get("date") ?? "")];
  return { body: parse(text), ageMs: Math.max(0, ...ages.filter(Number.isFinite)) };
}

async function readText({ body, headers }: Response): Promise<string> {
  if (Number(headers.get("content-length")) > mostBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function tooLarge(): Error {
  return new Error(`the answer is larger than ${mostBytes / 2 ** 20} MiB`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("the answer is no JSON");
  }
}
