import { table } from "../table.ts";

/** A part of a description: names with values, a table, or a text. */
export type Section =
  | {
      readonly title?: string;
      readonly facts: readonly (readonly [string, string | number | undefined | null])[];
    }
  | { readonly title: string; readonly text: string }
  | {
      readonly title: string;
      readonly head: readonly string[];
      readonly rows: readonly (readonly (string | number)[])[];
    };

/** Renders sections; omits unknown values and empty tables. */
export function render(sections: readonly Section[]): string {
  return sections
    .map(renderOne)
    .filter((text) => text !== "")
    .join("\n\n");
}

function renderOne(section: Section): string {
  const title = section.title === undefined ? "" : `${section.title}:\n`;
  if ("text" in section) return `${title}${indented(section.text)}`;
  if ("rows" in section)
    return section.rows.length === 0 ? "" : `${title}${indented(table(section.head, section.rows))}`;
  const known = section.facts.flatMap(([name, value]) =>
    value == null || value === "" ? [] : [[name, String(value)] as const],
  );
  if (known.length === 0) return "";
  const width = Math.max(...known.map(([name]) => name.length)) + 2;
  const lines = known.map(
    ([name, value]) => `${`${name}:`.padEnd(width)}${value.replaceAll("\n", `\n${" ".repeat(width)}`)}`,
  );
  return section.title === undefined ? lines.join("\n") : `${title}${indented(lines.join("\n"))}`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
