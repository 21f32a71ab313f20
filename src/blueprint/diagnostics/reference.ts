import { codes } from "./codes.ts";

const families = [
  { prefix: "SW1", title: "Syntax", about: "The text is not a YAML document that can be parsed." },
  { prefix: "SW2", title: "Shape", about: "A key or value that the format does not have." },
  { prefix: "SW3", title: "Meaning", about: "Values that are valid alone and contradict each other." },
  { prefix: "SW4", title: "Target", about: "A valid blueprint that its target cannot execute." },
] as const;

/** The reference of all diagnostics as Markdown (docs/diagnostics.md). */
export function renderReference(): string {
  const parts = [
    "# Diagnostics of blueprints",
    "<!-- Written by the program from src/blueprint/diagnostics: change it there. -->",
    "`swarmctl blueprint validate` reports all problems of a file in one pass. Each has a code that stays the same.",
  ];
  for (const { prefix, title, about } of families) {
    parts.push(`## ${prefix}xx: ${title}`, about);
    for (const [code, { title: name, explanation, example }] of Object.entries(codes)) {
      if (!code.startsWith(prefix)) continue;
      parts.push(`### ${code}: ${name}`, explanation, `\`\`\`yaml\n${example}\n\`\`\``);
    }
  }
  return `${parts.join("\n\n")}\n`;
}
