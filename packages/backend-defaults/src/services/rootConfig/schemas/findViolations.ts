// Finds violations of the schemas with ajv, and reduces its errors to one per mistake.
import type { Ajv, ErrorObject } from 'ajv';
import type { JsonObject } from '@backstage/types';
import type { ConfigPath } from '../ConfigDocument';
import type { ConfigSchema } from './ConfigSchema';
import type { PackageConfigSchema } from './PackageConfigSchema';
import { configKey } from './configKey';
import { pruneSchema, saysAnything } from './pruneSchema';
import { branchFor, isReadableAs } from './schemaFit';
import { surelyFits } from './surelyFits';

/** A violation of a schema. */
export interface Violation {
  readonly packageName: string;
  /** The path of the value, whether it is wrong or missing. */
  readonly path: ConfigPath;
  readonly value: unknown;
  /** The schema that the value violates; undefined if the value is missing. */
  readonly schema?: ConfigSchema;
  readonly keyword: string;
  /** What is wrong, for example `must be >= 1`. Not used for keywords that the schema describes better. */
  readonly message: string;
}

/** Returns all violations, and the schemas that are invalid themselves. Loads ajv only if something may be wrong. */
export async function findViolations(data: JsonObject, schemas: readonly PackageConfigSchema[]) {
  const violations = new Map<string, Violation>();
  const unusable: Array<{ packageName: string; reason: string }> = [];
  let ajv: Ajv | undefined;
  for (const { packageName, schema } of schemas) {
    const pruned = pruneSchema(schema as ConfigSchema, data);
    try {
      // For a valid configuration, most of the cost of this check would be loading and compiling a validator.
      if (!saysAnything(pruned) || surelyFits(data, pruned)) continue;
      ajv ??= await createAjv();
      const validate = ajv.compile({ ...pruned, $schema: undefined, $id: undefined });
      if (validate(data)) continue;
      for (const error of relevant(validate.errors ?? [])) {
        const violation = toViolation(error, packageName, data);
        const key = configKey(violation.path);
        // One violation per key is enough. One from a Greenroom package wins, because it always prevents the start.
        if (!violations.has(key) || packageName.startsWith('@greenroom/')) violations.set(key, violation);
      }
    } catch (error) {
      unusable.push({ packageName, reason: (error as Error).message });
    }
  }
  return { violations: [...violations.values()], unusable };
}

async function createAjv(): Promise<Ajv> {
  const { Ajv } = await import('ajv');
  // Not strict, because schemas have keywords such as `visibility`; verbose, to have values and schemas in the errors.
  return new Ajv({
    allErrors: true,
    strict: false,
    verbose: true,
    validateFormats: false,
    validateSchema: false,
    meta: false,
  });
}

/** Drops errors that follow from others, and those that readers of the configuration tolerate. */
function relevant(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const branches = new Map(
    choices.map(choice => [choice, branchFor(choice.data, choice.schema as ConfigSchema[])] as const),
  );
  return errors.filter(error => {
    const { keyword, data, parentSchema } = error;
    // Unknown keys may belong to a package that is not installed here. Likely misspellings become warnings.
    if (keyword === 'additionalProperties' || keyword === 'if') return false;
    if (keyword === 'type' && isReadableAs(data, (parentSchema as ConfigSchema).type)) return false;
    // The errors of the intended branch say more than the message that no branch fits.
    const own = branches.get(error);
    if (own !== undefined && own !== 'none' && !fitsSeveral(error)) return false;
    return choices.every(choice => choice === error || isFromBranch(error, choice, branches.get(choice)!));
  });
}

function toViolation(error: ErrorObject, packageName: string, data: JsonObject): Violation {
  const { keyword } = error;
  const path = pathOf(error, data);
  const message = fitsSeveral(error)
    ? 'must have one of its forms, not several'
    : (error.message ?? 'is not valid');
  const found = { packageName, path, keyword, message };
  if (keyword === 'required') return { ...found, value: undefined };
  return { ...found, value: error.data, schema: error.parentSchema as ConfigSchema };
}

function fitsSeveral({ keyword, params }: ErrorObject): boolean {
  return keyword === 'oneOf' && params.passingSchemas !== null;
}

/** Whether an error is outside of a choice, or in its intended branch. */
function isFromBranch(
  error: ErrorObject,
  choice: ErrorObject,
  branch: number | 'none' | 'readable',
): boolean {
  const inside =
    error.schemaPath.startsWith(`${choice.schemaPath}/`) &&
    (error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`));
  if (!inside) return true;
  return error.schemaPath.slice(choice.schemaPath.length + 1).split('/')[0] === String(branch);
}

function pathOf({ instancePath, keyword, params }: ErrorObject, data: JsonObject): ConfigPath {
  const path: Array<string | number> = [];
  let value: unknown = data;
  for (const part of instancePath.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = (value as Record<string, unknown> | undefined)?.[key];
  }
  return keyword === 'required' ? [...path, String(params.missingProperty)] : path;
}
