import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { SwarmError } from "../errors.ts";
import { readJson, systemCode } from "../platform/files.ts";
import { type Host, sameHost, thisHost } from "../platform/host.ts";

/** A cluster's place on this machine: one folder with everything that its supervisor writes. */
export interface Site {
  /** Absolute path. */
  readonly dir: string;
  readonly cluster: string;
  /** Unique id of the cluster; another cluster of the same name has another one. */
  readonly uid: string;
  /** The stack, in words for people, e.g. "organization/swarmstack/marketing". */
  readonly owner: string;
  /** Id of the operation that brings its state here, where that comes from elsewhere. */
  readonly arrival?: string | undefined;
}

export interface SiteRecord extends Omit<Site, "dir"> {
  /** Random: tells a site from one that was deleted at the same path. */
  readonly id: string;
  readonly host: Host;
}

const siteRecordSchema: z.ZodType<SiteRecord> = z.object({
  id: z.string(),
  cluster: z.string(),
  uid: z.string(),
  owner: z.string(),
  arrival: z.string().optional(),
  host: z.object({ name: z.string(), id: z.string() }),
});

/** Where a site keeps what. */
export interface SitePaths {
  /** The folder by its canonical name, which is also the mark in the environment of its processes. */
  readonly dir: string;
  readonly site: string;
  readonly settings: string;
  readonly supervisor: string;
  readonly supervisorLog: string;
  readonly token: string;
  readonly lock: string;
  readonly pools: string;
  readonly instances: string;
  readonly logs: string;
  readonly state: string;
  readonly checkpoints: string;
  /** One token file for each instance. */
  readonly tokens: string;
  /** The configuration of each agent, and the bundles of knowledge. */
  readonly config: string;
  readonly knowledge: string;
  /** Lives of the instances, orders to them, the shared memory. */
  readonly database: string;
  readonly audit: string;
  readonly store: string;
}

export function sitePaths(folder: string): SitePaths {
  const dir = canonical(folder);
  return {
    dir,
    site: join(dir, "site.json"),
    settings: join(dir, "settings.json"),
    supervisor: join(dir, "supervisor.json"),
    supervisorLog: join(dir, "supervisor.log"),
    token: join(dir, "token"),
    lock: join(dir, "lock"),
    pools: join(dir, "pools"),
    instances: join(dir, "instances"),
    logs: join(dir, "logs"),
    state: join(dir, "state"),
    checkpoints: join(dir, "checkpoints"),
    tokens: join(dir, "tokens"),
    config: join(dir, "config"),
    knowledge: join(dir, "knowledge"),
    database: join(dir, "ledger.db"),
    audit: join(dir, "audit.log"),
    store: join(dir, "store.db"),
  };
}

/**
 * Makes the folder of a site, or joins the one that is there; safe against two callers at once.
 *
 * @throws SwarmError SW703 when the folder belongs to another cluster, SW706 when it was made on another host.
 */
export function createSite(site: Site): SitePaths {
  mkdirSync(site.dir, { recursive: true, mode: 0o700 });
  const paths = sitePaths(site.dir);
  const { pools, instances, logs, state, checkpoints, tokens, config, knowledge } = paths;
  for (const folder of [pools, instances, logs, state, checkpoints, tokens, config, knowledge]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  const { cluster, uid, owner, arrival } = site;
  const record: SiteRecord = { id: randomBytes(8).toString("hex"), cluster, uid, owner, arrival, host: thisHost() };
  createOnce(paths.token, randomBytes(32).toString("base64url"));
  createOnce(paths.site, `${JSON.stringify(record, null, 2)}\n`);
  const present = readSite(paths);
  if (present && present.uid !== site.uid) {
    throw new SwarmError(
      "SW703",
      `${paths.dir} belongs to cluster ${present.cluster} of ${present.owner}, not to ${site.owner}.`,
      {
        values: { dir: paths.dir, present, wished: { cluster: site.cluster, uid: site.uid, owner: site.owner } },
      },
    );
  }
  return paths;
}

/**
 * What a folder says of itself; undefined when it is no site.
 *
 * @throws SwarmError SW706 when it was made on another host: its process ids mean nothing here.
 */
export function readSite(paths: SitePaths): SiteRecord | undefined {
  const record = readJson(paths.site, siteRecordSchema);
  const here = thisHost();
  if (record && !sameHost(record.host, here)) {
    throw new SwarmError("SW706", `Cluster ${record.cluster} runs on host ${record.host.name}, this is ${here.name}.`, {
      hints: [`Run the command on ${record.host.name}.`],
      values: { dir: paths.dir, host: record.host, here },
    });
  }
  return record;
}

/** The bearer token of a site's supervisor; undefined when the folder is gone. */
export function readToken(paths: SitePaths): string | undefined {
  try {
    return readFileSync(paths.token, "utf8").trim();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes a file whole, unless it is there: a link, unlike a rename, replaces nothing. */
function createOnce(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600, flag: "wx", flush: true });
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function canonical(folder: string): string {
  const absolute = resolve(folder);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(canonical(parent), basename(absolute));
  }
}
