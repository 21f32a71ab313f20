/** Where an answer of the API server differs from what was sent; what the server adds to a map is not looked at. */
export function differences(sent: unknown, back: unknown, path = ""): readonly string[] {
  if (Array.isArray(sent) && Array.isArray(back) && sent.length === back.length) {
    return sent.flatMap((item, index) => differences(item, back[index], `${path}[${index}]`));
  }
  if (isMap(sent) && isMap(back)) {
    return Object.entries(sent).flatMap(([key, value]) =>
      differences(value, back[key], path === "" ? key : `${path}.${key}`),
    );
  }
  return Object.is(sent, back) ? [] : [`${path}: sent ${JSON.stringify(sent)}, came back as ${JSON.stringify(back)}`];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
