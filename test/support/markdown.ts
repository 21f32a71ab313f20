const withoutBlocks = (text: string) => text.replaceAll(/^```[\s\S]*?^```/gm, "");

/** The relative targets of a page's links, outside of code. */
export function linksOf(text: string): readonly string[] {
  const prose = withoutBlocks(text).replaceAll(/(?<!\[)`[^`\n]*`(?!\])/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !/^[a-z]+:/.test(link));
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text: string): readonly string[] {
  return [...withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The texts of a page's code blocks in one language. */
export function blocksOf(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\S*)\n([\s\S]*?)^```/gm)].flatMap(([, found, block = ""]) =>
    found === language ? [block] : [],
  );
}
