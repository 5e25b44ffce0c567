// Replaces `${VAR}` in a string of the configuration.

// `$${` escapes; `:-` introduces a default. What is neither, such as `${{ parameters.x }}`, is plain text.
const reference = /\$\$\{|\$\{\s*([^\s{}$:]+)\s*(?::-([^}]*))?\}/g;

/**
 * Replaces each `${VAR}` and `${VAR:-default}` by the value of the environment variable, and `$${` by `${`.
 *
 * Values and defaults are trimmed. A default stands in where the variable is not set or is empty.
 *
 * @returns `undefined` where a variable without a default is not set, or where nothing is there but empty defaults.
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
