// Starts a plugin that calls and one that is called in backends of their own, with the auth plugin beside the callee.
import { createUserIssuer, startAuthPlugin, type StartedAuthPlugin } from './startAuthPlugin';

/** What {@link startCallerAndCallee} gives. */
export interface CallerAndCallee {
  caller: StartedAuthPlugin;
  callee: StartedAuthPlugin;
  users: ReturnType<typeof createUserIssuer>;
  /** Where both backends look for each plugin, to be changed as the test likes. */
  urls: Record<string, string>;
  stop(): Promise<void>;
}

/** `options` are those of the caller's backend. */
export async function startCallerAndCallee(
  options: Parameters<typeof startAuthPlugin>[1] = {},
): Promise<CallerAndCallee> {
  const users = createUserIssuer();
  const urls: Record<string, string> = {};
  const locate = (pluginId: string) => urls[pluginId] ?? 'http://127.0.0.1:1';
  const callee = await startAuthPlugin('callee', { locate, features: [users.plugin] });
  const caller = await startAuthPlugin('caller', { locate, ...options });
  Object.assign(urls, { callee: callee.url, auth: callee.url, caller: caller.url });
  const stop = async () => void (await Promise.all([caller.stop(), callee.stop()]));
  return { caller, callee, users, urls, stop };
}
