/**
 * Fetches a small text within a time limit.
 *
 * @throws Error with the host and the reason.
 */
export async function fetchText(url: string, timeoutMs: number, signal: AbortSignal | undefined): Promise<string> {
  const { host } = new URL(url);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await fetch(url, { signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return await answer.text();
  } catch (error) {
    if (timeout.aborted) throw new Error(`no answer from ${host} within ${timeoutMs / 1000} s`);
    throw new Error(`${host} cannot be reached: ${reason(error)}`);
  }
}

/** `fetch` fails with "fetch failed"; the reason is in `cause`. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
