import type { Span } from "./source/tree.ts";

/** Recognisable forms of keys that agents use, after the rules of gitleaks. */
const patterns: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/g],
  ["an Anthropic key", /\bsk-ant-[\w-]{20,200}/g],
  ["an OpenAI key", /\bsk-(?=(?:[A-Za-z_-]*\d){2})(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,200}/g],
  ["a Stripe key", /\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,200}/g],
  ["an AWS access key", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_\w{22,251})/g],
  ["a GitLab token", /\bglpat-[\w-]{20,100}/g],
  ["a Slack token", /\bxox[abeprs]-[A-Za-z0-9-]{10,200}/g],
  ["a Google key", /\bAIza[\w-]{35}/g],
  ["a Hugging Face token", /\bhf_[A-Za-z0-9]{30,100}/g],
  ["a JSON web token", /\beyJ[\w-]{10,1000}\.eyJ[\w-]{10,4000}\.[\w-]{10,1000}/g],
  ["a password in an address", /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{0,100}:[^\s:@/$]{3,200}@/gi],
];

/** The kind of secret that the text looks like, or undefined. */
export function secretIn(text: string): string | undefined {
  return patterns.find(([, pattern]) => text.search(pattern) !== -1)?.[0];
}

/** All parts of the text that look like a secret. */
export function findSecrets(text: string): Span[] {
  return patterns.flatMap(([, pattern]) =>
    [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length })),
  );
}

const telling = /(?:^|_)(?:password|passwd|pwd|secret|token|api_?key|access_?key|private_?key|credentials?)$/i;

/** Whether the name of a variable implies a secret value, and the value is neither a path nor a placeholder. */
export function nameTells(name: string, value: string): boolean {
  if (!telling.test(name) || value.length < 8) return false;
  return !/^(?:\$\{?\w|\/|\.\/|file:|https?:|<.*>$|true$|false$|none$|changeme$|[*x]+$)/i.test(value);
}
