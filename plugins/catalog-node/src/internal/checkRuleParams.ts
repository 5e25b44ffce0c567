// Checks the parameters of a policy's condition before its rule reads them.

/** What a permission rule may have as its schema: a Standard Schema, or a schema of a zod 3 that is not one yet. */
type ParamsSchema =
  | { readonly '~standard': { validate(value: unknown): object } }
  | { safeParse(value: unknown): { readonly success: boolean; readonly data?: unknown } };

/**
 * Returns the parameters for the rule. A rule that lacks one may match more than the policy means: an owner that is
 * not given is any owner.
 *
 * @throws an error for the log, because the policy is at fault and not the caller.
 */
export function checkRuleParams(
  rule: { readonly name: string; readonly paramsSchema?: unknown },
  params?: unknown,
): never {
  const schema = rule.paramsSchema as ParamsSchema | undefined;
  const given = params ?? {};
  const checked = schema ? parse(schema, given) : { value: given };
  if (checked) return checked.value as never;
  throw new Error(
    `A condition of the policy has parameters that its rule '${rule.name}' does not take: ${JSON.stringify(given)}. Correct the policy.`,
  );
}

function parse(schema: ParamsSchema, params: unknown): { readonly value?: unknown } | undefined {
  if ('~standard' in schema) {
    // A promise has no value either, and nobody could wait for it.
    const outcome: { value?: unknown; issues?: unknown } = schema['~standard'].validate(params);
    return 'value' in outcome && !outcome.issues ? outcome : undefined;
  }
  const { success, data } = schema.safeParse(params);
  return success ? { value: data } : undefined;
}
