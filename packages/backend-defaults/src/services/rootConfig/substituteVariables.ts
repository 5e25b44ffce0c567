// Replaces `${VAR}` in a string of the configuration, or tells which variable that is.

// `$${` is an escape; `:-` introduces a default. Anything else, such as `${{ parameters.x }}`, is plain text.
const reference = /\$\$\{|\$\{\s*([^\s{}$:]+)\s*(?::-([^}]*))?\}/g;

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
  const result = text.replace(
    reference,
    (_match: string, name: string | undefined, fallback: string | undefined) => {
      if (name === undefined) return '${';
      const value = env[name]?.trim();
      if (value) onValue?.(value);
      if (fallback !== undefined && !value) {
        defaulted = true;
        return fallback.trim();
      }
      if (value === undefined) complete = false;
      return value ?? '';
    },
  );
  return complete && !(defaulted && result === '') ? result : undefined;
}

/** The name of the first variable in a text. */
export function firstVariable(text: string): string | undefined {
  return [...text.matchAll(reference)].find(([, name]) => name !== undefined)?.[1];
}
