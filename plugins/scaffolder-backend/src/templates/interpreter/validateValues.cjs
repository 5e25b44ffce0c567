// Validates values against a JSON schema and applies its defaults, within the process that renders templates.
//
// It runs there because form schemas come from template authors, and their patterns could take forever.

const MOST_KEPT = 100;
/** Compiled schemas by their JSON, because compiling one takes far longer than using it. */
const compiled = new Map();
let ajv;

/** Returns `{ values, errors }`, or `{ invalid }` with the problem of the schema. */
exports.validateValues = function validateValues(schema, values) {
  const { $schema: _draft, $id: _id, ...rest } = schema;
  let validate;
  try {
    validate = compile(rest);
  } catch (error) {
    return { invalid: error.message };
  }
  const given = new Set(Object.keys(values));
  validate(values);
  const errors = (validate.errors ?? []).flatMap(readError);
  // An invalid default is ignored, because the user who fills in the form can't do anything about it.
  const unfit = new Set(errors.map(({ path }) => path[0]).filter(name => name in values && !given.has(name)));
  for (const name of unfit) delete values[name];
  const missing = [...unfit].filter(name => rest.required?.includes(name));
  return {
    values,
    errors: [
      ...errors.filter(({ path }) => !unfit.has(path[0])),
      ...missing.map(name => ({ path: [name], message: 'is missing' })),
    ],
  };
};

function compile(schema) {
  const key = JSON.stringify(schema);
  if (!compiled.has(key)) {
    if (compiled.size === MOST_KEPT) {
      compiled.clear();
      // Ajv itself keeps everything that it has compiled.
      ajv = undefined;
    }
    ajv ??= createAjv();
    compiled.set(key, ajv.compile(schema));
  }
  return compiled.get(key);
}

function createAjv() {
  const { Ajv } = require('ajv');
  const { default: addFormats } = require('ajv-formats');
  // Forms have their own keywords and formats, such as `ui:field`, and not all of their authors know every rule.
  const options = { allErrors: true, strict: false, useDefaults: true, validateSchema: false, logger: false };
  return addFormats(new Ajv(options));
}

function readError({ keyword, instancePath, params, message }) {
  // The error of the branch that was not met says more.
  if (keyword === 'if') return [];
  const path = instancePath.split('/').slice(1).map(unescapePointer);
  if (keyword === 'required' || keyword === 'dependencies' || keyword === 'dependentRequired') {
    return [{ path: [...path, params.missingProperty], message: 'is missing' }];
  }
  if (keyword === 'additionalProperties') {
    return [{ path: [...path, params.additionalProperty], message: 'is not known' }];
  }
  if (keyword === 'enum')
    return [
      { path, message: `must be one of ${params.allowedValues.map(one => JSON.stringify(one)).join(', ')}` },
    ];
  if (keyword === 'const') return [{ path, message: `must be ${JSON.stringify(params.allowedValue)}` }];
  return [{ path, message: message ?? `breaks the rule '${keyword}'` }];
}

function unescapePointer(part) {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
