/**
 * Why JSON cannot keep a number as it is written; undefined if it can: the 53 bits of a double hold about 15 digits.
 * @param source the number in YAML or JSON: decimal, 0x, 0o, .inf or .nan
 * @example numberProblem("123456789012345678", 123456789012345680) // "it has more digits than a JSON number keeps"
 */
export function numberProblem(source: string, value: number): string | undefined {
  if (Number.isNaN(value)) return "JSON has no such number";
  if (!Number.isFinite(value)) return /inf/i.test(source) ? "JSON has no infinity" : "it is out of the range of JSON";
  const written = source.trim();
  const isInteger = /^[+-]?(?:\d+|0x[\da-f]+|0o[0-7]+)$/i.test(written);
  if (isInteger) return Number.isSafeInteger(value) ? undefined : tooLong;
  return decimalOf(written) === decimalOf(String(value)) ? undefined : tooLong;
}

const tooLong = "it has more digits than a JSON number keeps";

/** The digits and the exponent of a decimal, in one spelling: "1.50e2" and "150" are both "15e1". */
function decimalOf(text: string): string | undefined {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === "-" ? "-" : ""}${significant}e${power}`;
}
