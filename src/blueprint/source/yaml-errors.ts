import type { YAMLError } from "yaml";
import type { Place, Report } from "../diagnostics/diagnostic.ts";

/** Reports an error of the YAML library in our words; false where nothing behind it can be trusted. */
export function reportYamlError(error: YAMLError, text: string, report: Report): boolean {
  const place = placeOf(error, text);
  const token = text.slice(place.span.start, place.span.end);
  switch (error.code) {
    case "TAB_AS_INDENT":
      report("SW102", place, {}, { fix: "indent with spaces" });
      return false;
    case "BAD_INDENT":
      report("SW103", place, { detail: sentence(error.message) });
      return false;
    case "MISSING_CHAR":
      report("SW104", place, { detail: sentence(error.message) });
      return false;
    case "BAD_DQ_ESCAPE":
      report("SW105", place, { sequence: token }, { fix: "write \\\\ for a backslash, or use single quotes" });
      return true;
    case "TAG_RESOLVE_FAILED":
      report("SW110", place, { tag: token });
      return true;
    case "BAD_ALIAS":
      report("SW108", place, { alias: token.replace(/^\*/, "") });
      return false;
    case "MULTIPLE_DOCS":
      return true;
    case "BAD_SCALAR_START":
      report("SW101", place, { detail: sentence(error.message) }, { fix: "put the text in quotes" });
      return true;
    case "BLOCK_AS_IMPLICIT_KEY":
      report("SW101", place, { detail: "a nested key cannot stand on the line of its parent" }, { fix: nestedFix });
      return false;
    default:
      report("SW101", place, { detail: sentence(error.message) });
      return false;
  }
}

const nestedFix = "begin a new, deeper indented line, or quote the text if the colon is part of it";

/** The marked text: at least one character, on one line, and inside the text. */
function placeOf(error: YAMLError, text: string): Place {
  let [start, end] = error.pos;
  start = Math.min(Math.max(0, start), text.length);
  // An error at the end of the text is shown behind its last character that is no white space.
  if (start >= text.trimEnd().length) start = Math.max(0, text.trimEnd().length - 1);
  const lineEnd = text.indexOf("\n", start);
  end = Math.min(Math.max(end, start + 1), lineEnd === -1 ? text.length : Math.max(lineEnd, start + 1));
  return { span: { start, end: Math.max(start, end) }, path: [] };
}

function sentence(message: string): string {
  const text = message.trim().replace(/\s+/g, " ");
  return text.charAt(0).toLowerCase() + text.slice(1);
}
