// Describes the parameters of the rules in zod, which is loaded when a policy first uses a rule.
import { createRequire } from 'node:module';
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { z } from 'zod';

/** Values of parameters, as conditions carry them. */
export type EntityRuleParams = Record<string, string | string[] | undefined>;

/** The schema that `make` makes when it is first asked for anything. */
export function entityRuleParams(
  make: (zod: typeof z) => z.ZodType<EntityRuleParams>,
): StandardSchemaV1<EntityRuleParams> & StandardJSONSchemaV1<EntityRuleParams> {
  let made: z.ZodType<EntityRuleParams> | undefined;
  const standard = () => (made ??= make(loadZod()))['~standard'];
  return {
    '~standard': {
      version: 1,
      vendor: 'zod',
      validate: value => standard().validate(value) as StandardSchemaV1.Result<EntityRuleParams>,
      jsonSchema: {
        input: options => standard().jsonSchema.input(options),
        output: options => standard().jsonSchema.output(options),
      },
    },
  };
}

/** Synchronously, because rules are judged so. */
function loadZod(): typeof z {
  return (createRequire(__filename)('zod') as typeof import('zod')).z;
}
