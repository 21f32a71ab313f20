import { globSync, readFileSync } from "node:fs";

const root = new URL("../../", import.meta.url);

/** A page of an offline provider plugin: scenarios with the tests that cover them. */
export interface PluginPage {
  readonly introduction: string;
  /** By the section number in the titles of the tests. */
  readonly sections: Readonly<Record<string, string>>;
  /** Patterns of the files with its tests. */
  readonly tests: readonly string[];
}

interface Scenario {
  readonly section: string;
  readonly what: string;
  readonly shown: string;
  readonly file: string;
}

export function renderPlugin({ introduction, sections, tests }: PluginPage): string {
  const scenarios = globSync([...tests], { cwd: root })
    .sort()
    .flatMap(scenariosIn);
  const pages = Object.entries(sections).map(([section, title]) => sectionOf(section, title, scenarios));
  return [introduction, ...pages].join("\n");
}

function sectionOf(section: string, title: string, scenarios: readonly Scenario[]): string {
  const rows = scenarios
    .filter((scenario) => scenario.section === section)
    .map(({ what, shown, file }) => `| ${cell(what)} | ${cell(shown)} | [${file.split("/").at(-1)}](../${file}) |`);
  return [`## ${title}`, "", "| scenario | shown | test |", "|---|---|---|", ...rows, ""].join("\n");
}

function scenariosIn(file: string): readonly Scenario[] {
  const text = readFileSync(new URL(file, root), "utf8");
  // One title may cover several scenarios: "§10 CRD and its object, §3 Secret: one up; ...".
  return [...text.matchAll(/"(§\d(?:[^"\\]|\\.)*: (?:[^"\\]|\\.)*)"/g)].flatMap(([, title = ""]) => {
    const [, whats = "", shown = ""] = /^(.*?): (.*)$/.exec(title) ?? [];
    return whats.split(/,\s+(?=§)/).map((what) => {
      const [, section = "", name = ""] = /^§(\d+)(?:\.\d+)? (.*)$/.exec(what) ?? [];
      return { section, what: name, shown, file };
    });
  });
}

/** Replaces the table placeholders in a title. */
function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replaceAll(/%[sj]|\$\w+/g, "…")
    .replace(/(?:: …)+$/, "");
}
