/**
 * Gets a small text within a bounded time.
 *
 * @throws Error that names the host and says why.
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

/** `fetch` says "fetch failed" and hides the reason one level down. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
