import { SwarmError } from "../../../../errors.ts";
import { type KubeObject, numberAt, recordsAt, textAt } from "../../object.ts";
import { jsonPath } from "../json-path.ts";
import { info, type Message, type WaitRule, waiting, warning } from "../rule.ts";

type Wish = (object: KubeObject) => { readonly met: boolean; readonly message: Message };

/**
 * The rule of the annotation `pulumi.com/waitFor`: `condition=Ready`, `condition=Ready=False`, `jsonpath={.spec.x}`,
 * `jsonpath={.spec.x}=v`, or a JSON list of those, of which all have to be met.
 *
 * @throws SwarmError SW734 for anything else
 */
export function waitFor(annotation: string): WaitRule {
  const wishes = readList(annotation).map(parseWish);
  return {
    timedOut: () => "timed out waiting for the condition",
    judge({ object }) {
      const looks = wishes.map((wish) => wish(object));
      const messages = looks.map(({ message }) => message);
      return looks.every(({ met }) => met) ? { state: "ready", messages } : waiting(messages);
    },
  };
}

function readList(annotation: string): readonly string[] {
  if (!annotation.trimStart().startsWith("[")) return [annotation];
  try {
    const list: unknown = JSON.parse(annotation);
    if (Array.isArray(list) && list.length > 0) return list.map(String);
  } catch {
    // Said below, with the text.
  }
  throw unreadable(annotation);
}

function parseWish(text: string): Wish {
  if (text.startsWith("condition=")) {
    const [type = "", status = "True"] = text.slice("condition=".length).split("=");
    return (object) => lookAtCondition(object, type, status);
  }
  if (text.startsWith("jsonpath=")) {
    const [, path = "", wanted] = /^jsonpath=(\{[^}]*\}|[^=]*)(?:=(.*))?$/.exec(text) ?? [];
    return (object) => lookAtPath(object, path, wanted);
  }
  throw unreadable(text);
}

function lookAtCondition(object: KubeObject, type: string, status: string): ReturnType<Wish> {
  const conditions = recordsAt(object, "status", "conditions");
  if (conditions.length === 0) return { met: false, message: warning("Has no .status.conditions") };
  const found = conditions.find((condition) => textAt(condition, "type")?.toLowerCase() === type.toLowerCase());
  if (found === undefined) return { met: false, message: info(`Waiting for condition "${type}"`) };
  // A status from before the last change of the object says nothing about it.
  const observed = numberAt(found, "observedGeneration") ?? numberAt(object, "status", "observedGeneration");
  const current = observed === undefined || observed >= (numberAt(object, "metadata", "generation") ?? 0);
  const met = current && textAt(found, "status")?.toLowerCase() === status.toLowerCase();
  return { met, message: info(`Condition "${type}" is ${textAt(found, "status") ?? "Unknown"}`) };
}

function lookAtPath(object: KubeObject, path: string, wanted: string | undefined): ReturnType<Wish> {
  const found = jsonPath(object, path);
  const [value] = found;
  if (found.length === 0) return { met: false, message: info(`Missing ${path}`) };
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return { met: wanted === undefined || text === wanted, message: info(`Found ${path}=${text}`) };
}

function unreadable(text: string): SwarmError {
  return new SwarmError("SW734", `expected a "jsonpath=" or "condition=" prefix, got "${text}"`);
}
