// Reads `APP_CONFIG_a_b=value` environment variables into configuration data.
import type { JsonObject, JsonValue } from '@backstage/types';

const prefix = 'APP_CONFIG_';
const validPart = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/i;

/**
 * Collects the configuration given by environment variables.
 *
 * `APP_CONFIG_a_b=1` sets `a.b`. A value is parsed as JSON where that is possible and is a string otherwise. `data` is
 * `undefined` where there is no such variable.
 */
export function environmentConfig(env: NodeJS.ProcessEnv): { data?: JsonObject; problems: string[] } {
  const problems: string[] = [];
  let data: JsonObject | undefined;
  // Sorted, so that a variable that sets a whole object comes before those that set its parts.
  for (const name of Object.keys(env).sort()) {
    const text = env[name];
    if (!name.startsWith(prefix) || text === undefined) continue;
    const parts = name.slice(prefix.length).split('_');
    const wrong = parts.find(part => !validPart.test(part));
    if (wrong !== undefined) {
      problems.push(
        `${name}: '${wrong}' cannot be a configuration key. Write the key after ${prefix} with '_' between its parts, as in APP_CONFIG_backend_baseUrl.`,
      );
      continue;
    }
    data ??= {};
    const blocked = assign(data, parts, parse(text));
    if (blocked !== undefined) {
      problems.push(
        `${name} sets a key inside '${blocked}', which ${prefix}${blocked.replaceAll('.', '_')} sets to a value that is no object: remove one of the two.`,
      );
    }
  }
  return { data, problems };
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function assign(data: JsonObject, parts: readonly string[], value: JsonValue): string | undefined {
  let target = data;
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1) {
      target[part] = value;
      break;
    }
    const next = Object.hasOwn(target, part) ? target[part] : (target[part] = {});
    if (typeof next !== 'object' || next === null || Array.isArray(next)) {
      return parts.slice(0, index + 1).join('.');
    }
    target = next as JsonObject;
  }
  return undefined;
}
