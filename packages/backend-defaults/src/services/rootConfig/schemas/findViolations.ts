// Finds violations of the schemas with ajv, and reduces its errors to one per mistake.
import type { Ajv, ErrorObject } from 'ajv';
import type { JsonObject } from '@backstage/types';
import { configKey, type ConfigPath } from '../ConfigPlace';
import type { ConfigSchema } from './ConfigSchema';
import type { PackageConfigSchema } from './PackageConfigSchema';
import { booleanFromText } from '../../../config/fromText';
import { pruneSchema } from './pruneSchema';
import { branchesFor, isReadableAs } from './schemaFit';
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
      if (surelyFits(data, pruned)) continue;
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
function relevant(all: readonly ErrorObject[]): ErrorObject[] {
  const tolerated = new Set(all.filter(isTolerated));
  const choices = all.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  // Inner choices come first.
  for (const choice of choices) {
    const inside = all.filter(error => branchOf(error, choice) !== undefined);
    const wrong = new Set(
      inside.filter(error => !tolerated.has(error)).map(error => branchOf(error, choice)),
    );
    // Text that some branches take as text is not converted for the others.
    const branches = choice.schema as ConfigSchema[];
    const takeText = typeof choice.data === 'string' ? branches.filter(isForText) : [];
    const fits = (branch: number) =>
      !wrong.has(branch) && (takeText.length === 0 || takeText.includes(branches[branch]!));
    if (fitsSeveral(choice) || !inside.some(error => fits(branchOf(error, choice)!))) continue;
    for (const error of [choice, ...inside]) tolerated.add(error);
  }
  const errors = all.filter(error => !tolerated.has(error));
  const meant = new Map(choices.map(choice => [choice, meantBranch(choice, errors)] as const));
  return errors.filter(error => {
    // The errors of the intended branch say more than the message that no branch fits.
    if (meant.get(error) !== undefined && !fitsSeveral(error)) return false;
    return choices.every(choice => {
      const branch = branchOf(error, choice);
      return branch === undefined || branch === meant.get(choice);
    });
  });
}

/** Whether it takes any text, or says which in a pattern; a list of words leaves all other text to the other branches. */
function isForText({ type, const: fixed, enum: listed }: ConfigSchema): boolean {
  return [type].flat().includes('string') && fixed === undefined && listed === undefined;
}

function isTolerated({ keyword, data, parentSchema }: ErrorObject): boolean {
  // Unknown keys may belong to a package that is not installed here. Likely misspellings become warnings.
  if (keyword === 'additionalProperties' || keyword === 'if') return true;
  const schema = parentSchema as ConfigSchema;
  // Readers that take a fixed value, such as `false` to switch something off, take it as text, too.
  if (keyword === 'const')
    return typeof data === 'string' && String(booleanFromText(data)) === String(schema.const);
  return keyword === 'type' && isReadableAs(data, schema);
}

/** The branch of `choice` that the value was meant for: the only one of its kind, or the one that fits furthest. */
function meantBranch(choice: ErrorObject, errors: readonly ErrorObject[]): number | undefined {
  const branches = branchesFor(choice.data, choice.schema as ConfigSchema[]);
  if (branches.length === 1) return branches[0];
  let deepest = depthOf(choice);
  let meant: number | undefined;
  for (const branch of branches) {
    for (const error of errors) {
      if (depthOf(error) <= deepest || branchOf(error, choice) !== branch) continue;
      [deepest, meant] = [depthOf(error), branch];
    }
  }
  return meant;
}

function depthOf({ instancePath }: ErrorObject): number {
  return instancePath.split('/').length;
}

/** The branch of `choice` that an error is in; undefined if it is outside. */
function branchOf(error: ErrorObject, choice: ErrorObject): number | undefined {
  const inside =
    error.schemaPath.startsWith(`${choice.schemaPath}/`) &&
    (error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`));
  return inside ? Number(error.schemaPath.slice(choice.schemaPath.length + 1).split('/')[0]) : undefined;
}

function toViolation(error: ErrorObject, packageName: string, data: JsonObject): Violation {
  const { keyword } = error;
  const path = pathOf(error, data);
  const message = fitsSeveral(error)
    ? 'must have one of its forms, not several'
    : (error.message ?? 'is not valid');
  const found = { packageName, path, keyword, message };
  if (isMissing(error)) return { ...found, value: undefined };
  return { ...found, value: error.data, schema: error.parentSchema as ConfigSchema };
}

function fitsSeveral({ keyword, params }: ErrorObject): boolean {
  return keyword === 'oneOf' && params.passingSchemas !== null;
}

function pathOf(error: ErrorObject, data: JsonObject): ConfigPath {
  const path: Array<string | number> = [];
  let value: unknown = data;
  for (const part of error.instancePath.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = (value as Record<string, unknown> | undefined)?.[key];
  }
  return isMissing(error) ? [...path, String(error.params.missingProperty)] : path;
}

/** Whether a property is missing, in any case or because of another one. */
function isMissing({ keyword }: ErrorObject): boolean {
  return keyword === 'required' || keyword === 'dependencies';
}
