// Reads `APP_CONFIG_a_b=value` environment variables into configuration data.
import type { JsonObject, JsonValue } from '@backstage/types';
import { isObject } from '../../isObject';
import type { ConfigPath } from './ConfigPlace';

const prefix = 'APP_CONFIG_';
const validPart = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/i;

/** The configuration found in the variables. */
export interface EnvironmentConfig {
  /** Undefined if there is no such variable. */
  data?: JsonObject;
  problems: string[];
  /** The variable that set the value at `path`, or else one that set a value around or below it. */
  variableOf(path: ConfigPath): string | undefined;
}

/**
 * Collects the configuration set by environment variables.
 *
 * `APP_CONFIG_a_b=1` sets `a.b`. A value that is valid JSON is parsed; any other value is a string. Empty variables
 * are ignored.
 */
export function environmentConfig(env: NodeJS.ProcessEnv): EnvironmentConfig {
  const problems: string[] = [];
  const used: string[] = [];
  let data: JsonObject | undefined;
  // Sorted, so that a variable that sets a whole object comes before those that set its parts.
  for (const name of Object.keys(env).sort()) {
    const text = env[name];
    // A deployment leaves a variable empty if its template lists the variable but it does not want to set it.
    if (!name.startsWith(prefix) || !text) continue;
    const parts = name.slice(prefix.length).split('_');
    const wrong = parts.find(part => !validPart.test(part));
    if (wrong !== undefined) {
      problems.push(
        `${name}: '${wrong}' cannot be a configuration key. Write the key after ${prefix} with '_' between its parts, as in APP_CONFIG_backend_baseUrl.`,
      );
      continue;
    }
    data ??= {};
    used.push(name);
    const blocked = assign(data, parts, parse(text));
    if (blocked !== undefined) {
      problems.push(
        `${name} sets a key inside '${blocked}', which ${prefix}${blocked.replaceAll('.', '_')} sets to a value that is not an object: remove one of the two.`,
      );
    }
  }
  return { data, problems, variableOf: path => variableOf(used, path) };
}

function variableOf(names: readonly string[], path: ConfigPath): string | undefined {
  for (let length = path.length; length > 0; length--) {
    const name = prefix + path.slice(0, length).join('_');
    const found =
      names.find(candidate => candidate === name) ?? names.find(each => each.startsWith(`${name}_`));
    if (found !== undefined) return found;
  }
  return names[0];
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
  for (const [index, part] of parts.slice(0, -1).entries()) {
    const next = Object.hasOwn(target, part) ? target[part] : (target[part] = {});
    if (!isObject(next)) return parts.slice(0, index + 1).join('.');
    target = next;
  }
  target[parts.at(-1)!] = value;
  return undefined;
}
