// Masks the secrets in configuration that is shown.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { ConfigPath } from '../services/rootConfig/ConfigPlace';
import type { InspectedConfig } from '../services/rootConfig/inspectConfig';
import { SecretRedactor } from '../services/rootLogger/SecretRedactor';

/** A copy of the merged configuration in which secrets, and strings that contain one, are masked. */
export function maskSecrets({ merged, secrets, isSecret }: InspectedConfig): JsonObject {
  const redactor = new SecretRedactor();
  redactor.add(secrets);
  const masked = (value: JsonValue | undefined, path: ConfigPath): JsonValue => {
    if (path.length > 0 && isSecret(path)) return '***';
    if (typeof value === 'string') return redactor.redact(value);
    if (Array.isArray(value)) return value.map((item, index) => masked(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value ?? null;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, masked(item, [...path, key])]),
    );
  };
  return masked(merged.data, []) as JsonObject;
}
