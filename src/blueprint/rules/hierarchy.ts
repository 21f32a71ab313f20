import { agentKey } from "../agent-key.ts";
import { roles } from "../model.ts";
import type { AgentDraft } from "../schema/blueprint.ts";
import { known } from "../shape/shape.ts";
import { cut } from "../source/describe.ts";
import type { Numbered, RuleContext } from "./context.ts";
import { type ReportsTo, resolveReportsTo } from "./reports-to.ts";

/** One root; no orphan, no circle; reports go up; names are unique. */
export function checkHierarchy(context: RuleContext): void {
  const allReportsTo = resolveReportsTo(context);
  checkNames(context);
  checkRoots(context);
  for (const agent of context.agents) {
    const reportsTo = allReportsTo.get(agent.index);
    if (reportsTo !== undefined) checkReportsTo(agent, reportsTo, context);
  }
  checkCircles(context, allReportsTo);
}

function checkNames({ agents, report, value, line }: RuleContext): void {
  const taken = new Map<string, Numbered<AgentDraft>>();
  for (const agent of agents) {
    const { name } = agent.draft;
    if (!known(name)) continue;
    const first = taken.get(agentKey(name));
    if (first === undefined) taken.set(agentKey(name), agent);
    else {
      const values = { name: cut(name), first: cut(nameOf(first)), line: line([...first.path, "name"]) };
      report("SW307", value([...agent.path, "name"]), values);
    }
  }
}

/** Agents without reports_to: the first supervisor among them is the root, or the first of the highest level. */
function checkRoots({ agents, report, value }: RuleContext): void {
  const roots = agents.filter(({ draft }) => draft.reports_to === undefined);
  const root = roots.toSorted((a, b) => level(a.draft) - level(b.draft) || a.index - b.index)[0];
  for (const agent of roots) {
    if (agent === root || root === undefined || !known(agent.draft.role)) continue;
    const values = { name: nameOf(agent), root: nameOf(root) };
    const reportsTo = known(root.draft.name) ? root.draft.name : "its superior";
    const location = value([...agent.path, known(agent.draft.name) ? "name" : "role"]);
    const code = agent.draft.role === "supervisor" ? "SW301" : "SW302";
    report(code, location, values, { fix: `add reports_to: ${reportsTo}` });
  }
}

/** 0 for a supervisor; a role that could not be read may be one. */
function level(draft: AgentDraft): number {
  return known(draft.role) ? roles.indexOf(draft.role) : 0;
}

function checkReportsTo(agent: Numbered<AgentDraft>, reportsTo: ReportsTo, context: RuleContext): void {
  const { reports_to: wanted } = agent.draft;
  if (!known(wanted)) return;
  const location = context.value([...agent.path, "reports_to"]);
  switch (reportsTo.kind) {
    case "root":
    case "unknown":
      return;
    case "nobody": {
      const suggestion = context.suggest(wanted, () => candidatesFor(context));
      const names = context.agents
        .slice(0, 8)
        .filter(({ index }) => index !== agent.index)
        .map(nameOf);
      const fix = suggestion === undefined && names.length > 0 ? `agents here: ${names.join(", ")}` : undefined;
      context.report("SW304", location, { value: cut(wanted) }, { suggestion, fix });
      return;
    }
    case "ambiguous":
      context.report(
        "SW305",
        location,
        { value: cut(wanted), candidates: reportsTo.candidates },
        { fix: "write the name of one of them" },
      );
      return;
    case "agent":
      checkLevel(agent, reportsTo.index, context);
      return;
    default:
      reportsTo satisfies never;
  }
}

function* candidatesFor({ agents }: RuleContext): Iterable<string> {
  for (const role of roles) if (agents.some(({ draft }) => draft.role === role)) yield role;
  for (const { draft } of agents) if (known(draft.name)) yield draft.name;
}

function checkLevel(agent: Numbered<AgentDraft>, managerIndex: number, { agents, report, value }: RuleContext): void {
  // Numbers are positions in the file, and no agent before this one is missing where all could be read.
  const near = agents[managerIndex];
  const reportsTo = near?.index === managerIndex ? near : agents.find(({ index }) => index === managerIndex);
  if (reportsTo === undefined || reportsTo.index === agent.index) return;
  const { role } = agent.draft;
  const { role: managerRole } = reportsTo.draft;
  if (!known(role) || !known(managerRole) || roles.indexOf(managerRole) <= roles.indexOf(role)) return;
  report("SW306", value([...agent.path, "reports_to"]), {
    name: nameOf(agent),
    role,
    superior: nameOf(reportsTo),
    superiorRole: managerRole,
  });
}

/** Each circle once, at its first agent in the file. */
function checkCircles({ agents, report, value }: RuleContext, allReportsTo: ReadonlyMap<number, ReportsTo>): void {
  const byIndex = new Map(agents.map((agent) => [agent.index, agent]));
  const settled = new Set<number>();
  for (const start of agents) {
    const trail: number[] = [];
    let at: number | undefined = start.index;
    while (at !== undefined && !settled.has(at)) {
      settled.add(at);
      trail.push(at);
      const reportsTo: ReportsTo | undefined = allReportsTo.get(at);
      at = reportsTo?.kind === "agent" ? reportsTo.index : undefined;
    }
    const begin = at === undefined ? -1 : trail.indexOf(at);
    const circle = begin === -1 ? [] : trail.slice(begin).flatMap((index) => byIndex.get(index) ?? []);
    const first = circle[0];
    if (first !== undefined) report("SW303", value([...first.path, "reports_to"]), { chain: circle.map(nameOf) });
  }
}

export function nameOf(agent: Numbered<AgentDraft>): string {
  return known(agent.draft.name) ? agent.draft.name : `agent ${agent.index + 1}`;
}
