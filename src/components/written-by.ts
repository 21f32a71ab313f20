/** Set by the entry points of the engine: a JSON object, by provider, with the plugin that it uses ("official 4.34.2"). */
export const pluginsVariable = "SWARM_PROVIDER_PLUGINS";

/** The plugins that write the state, to be recorded in it; undefined where no entry point set the variable. */
export function writtenBy(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> | undefined {
  const text = env[pluginsVariable];
  return text === undefined || text === "" ? undefined : (JSON.parse(text) as Record<string, string>);
}
