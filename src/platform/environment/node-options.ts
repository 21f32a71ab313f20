/**
 * The options of NODE_OPTIONS that our own processes keep: memory, certificates and TLS, name resolution, warnings. Every other
 * one (a preload, an inspector, a profile, a trace, a permission model, another resolution of modules) can end a plugin, or write
 * into its protocol.
 */
const kept =
  /^--(?:max-old-space-size|max-old-space-size-percentage|max-semi-space-size|max-http-header-size|use-system-ca|use-openssl-ca|use-bundled-ca|openssl-config|openssl-shared-config|openssl-legacy-provider|enable-fips|force-fips|tls-[a-z0-9.-]+|dns-result-order|(?:no-)?network-family-autoselection|network-family-autoselection-attempt-timeout|icu-data-dir|use-env-proxy|no-warnings|disable-warning|no-deprecation)(?:=|$)/;

/** Options that Node also takes with their value as the next word. */
const withValue =
  /^--(?:max-http-header-size|openssl-config|tls-cipher-list|tls-keylog|dns-result-order|network-family-autoselection-attempt-timeout|icu-data-dir|disable-warning)$/;

export interface SplitOptions {
  /** As NODE_OPTIONS spells them; undefined where none stays. */
  readonly kept: string | undefined;
  /** What was taken out. */
  readonly removed: readonly string[];
}

/** Splits NODE_OPTIONS into what our own processes keep and what they start without. */
export function splitNodeOptions(text: string): SplitOptions {
  const stays: string[] = [];
  const removed: string[] = [];
  let into = stays;
  let takesValue = false;
  for (const word of wordsOf(text)) {
    const isOption = word.startsWith("-");
    const isValue = !isOption && (takesValue || into === removed);
    if (!isValue) into = kept.test(plain(word)) ? stays : removed;
    into.push(word);
    takesValue = isOption && withValue.test(word);
  }
  return { kept: stays.length === 0 ? undefined : stays.join(" "), removed };
}

/** The words of NODE_OPTIONS as they are spelled: spaces inside double quotes and behind a backslash do not separate. */
function wordsOf(text: string): readonly string[] {
  return text.match(/(?:"(?:\\.|[^"\\])*"?|[^\s"])+/g) ?? [];
}

/** Node takes `_` for `-` in the name of an option, and quotes around a whole word. */
function plain(word: string): string {
  const bare = word.replace(/^"|"$/g, "");
  const [name = "", ...value] = bare.split("=");
  return [name.replaceAll("_", "-"), ...value].join("=");
}
