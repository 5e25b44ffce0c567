// Replaces `${VAR}` in a string of the configuration, or tells which variable that is.

// `$${` is an escape; `:-` introduces a default. Anything else, such as `${{ parameters.x }}`, is plain text.
const reference = /\$\$\{|\$\{\s*([^\s{}$:]+)\s*(?::-([^}]*))?\}/g;

/** Splits after the last `}`: no variable is after it, but each default that begins there would be read to the end. */
function splitAtEnd(text: string): [withVariables: string, rest: string] {
  const end = text.lastIndexOf('}') + 1;
  return [text.slice(0, end), text.slice(end)];
}

/** The trimmed value of a variable. No environment has those that each object has, such as `constructor`. */
export function valueOf(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name]?.trim() : undefined;
}

/**
 * Replaces each `${VAR}` and `${VAR:-default}` with the value of the environment variable, and `$${` with `${`.
 *
 * Values and defaults are trimmed. A default is used if the variable is unset or empty.
 *
 * @returns `undefined` if a variable without a default is not set, or if the text consists only of empty defaults.
 */
export function substituteVariables(
  text: string,
  env: NodeJS.ProcessEnv,
  onValue?: (value: string) => void,
): string | undefined {
  if (!text.includes('${')) return text;
  let complete = true;
  let defaulted = false;
  const [withVariables, rest] = splitAtEnd(text);
  const replaced = withVariables.replace(
    reference,
    (_match: string, name: string | undefined, fallback: string | undefined) => {
      if (name === undefined) return '${';
      const value = valueOf(env, name);
      if (value) onValue?.(value);
      if (fallback !== undefined && !value) {
        defaulted = true;
        return fallback.trim();
      }
      if (value === undefined) complete = false;
      return value ?? '';
    },
  );
  const result = replaced + rest.replaceAll('$${', () => '${');
  return complete && !(defaulted && result === '') ? result : undefined;
}

/** The name of the first variable in a text. */
export function firstVariable(text: string): string | undefined {
  return [...splitAtEnd(text)[0].matchAll(reference)].find(([, name]) => name !== undefined)?.[1];
}
