// Proves that every configuration key that the sources read is in a schema, and that the schemas say all they should.
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { ConfigReader, readDurationFromConfig } = require('@backstage/config');
const { Ajv } = require('ajv');
const { configReads } = require('./lib/configReads.cjs');

const root = join(__dirname, '..');
const packages = ['packages', 'plugins']
  .flatMap(folder => readdirSync(join(root, folder)).map(name => `${folder}/${name}`))
  .filter(path => existsSync(join(root, path, 'package.json')))
  .map(path => ({ path, manifest: readJson(path, 'package.json'), schema: readSchema(path) }));

// They read a section that their caller chooses, so the schema of the caller has the keys.
const readersOfAnySection = [
  'packages/backend-plugin-api/src/services/readSchedulerServiceTaskScheduleDefinitionFromConfig.ts',
];
const notShipped =
  /\.test\.ts$|\.fixture\.ts$|\/(testing|typeTests|scenarios|resilience|diagnostics|regressions)\//;

function readJson(...path) {
  return JSON.parse(readFileSync(join(root, ...path), 'utf8'));
}

function readSchema(path) {
  return existsSync(join(root, path, 'config.schema.json'))
    ? readJson(path, 'config.schema.json')
    : undefined;
}

/** Every key of a schema as segments, `*` for a name that is chosen; lists are passed through. */
function keysOf(schema, top = schema, before = [], found = [], depth = 0) {
  if (depth > 20) return found;
  const target = schema.$ref ? top.definitions[schema.$ref.replace('#/definitions/', '')] : schema;
  const below = (part, path) => keysOf(part, top, path, found, depth + 1);
  for (const [name, part] of Object.entries(target.properties ?? {})) {
    found.push([...before, name]);
    below(part, [...before, name]);
  }
  if (typeof target.additionalProperties === 'object') {
    found.push([...before, '*']);
    below(target.additionalProperties, [...before, '*']);
  }
  if (target.items) below(target.items, before);
  for (const part of target.anyOf ?? []) below(part, before);
  return found;
}

/** Whether a key that is read, of which the front may be unknown, is the end of a known one. */
function isKnown(key, known) {
  const wanted = key
    .replace(/\[[^\]]*\]/g, '')
    .replace(/^(\*\.)+/, '')
    .split('.');
  return known.some(path => {
    if (path.length < wanted.length) return false;
    const end = path.slice(-wanted.length);
    return wanted.every((part, index) => part === end[index] || part === '*');
  });
}

function dependenciesOf({ manifest, path }) {
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  // Every backend has the defaults, whose sections, such as `integrations`, plugins read as well.
  names.push('@greenroom/backend-defaults');
  return packages.filter(other => other.path === path || names.includes(other.manifest.name));
}

describe.each(packages)('$path', workspace => {
  const { path, manifest, schema } = workspace;
  const files = existsSync(join(root, path, 'src'))
    ? readdirSync(join(root, path, 'src'), { recursive: true })
        .map(name => `${path}/src/${name.replaceAll('\\', '/')}`)
        .filter(name => name.endsWith('.ts') && !notShipped.test(name) && !readersOfAnySection.includes(name))
    : [];

  it('has every key that it reads in a schema', () => {
    const known = dependenciesOf(workspace).flatMap(each => (each.schema ? keysOf(each.schema) : []));
    const missing = files.flatMap(file =>
      configReads(file, readFileSync(join(root, file), 'utf8'))
        .filter(({ key }) => !isKnown(key, known))
        .map(({ key, line }) => `${file}:${line} reads '${key}'`),
    );
    const advice = `Describe these in ${path}/config.schema.json, with type, description, default or examples, and "visibility": "secret" where it is one; then run npm run manifests and npm run docs:configuration.`;
    expect(missing.length > 0 ? [...missing, advice] : []).toEqual([]);
  });

  if (schema) {
    it('ships a draft-07 schema that the manifest names', () => {
      expect(manifest.configSchema ?? manifest.greenroom.configSchema).toBe('config.schema.json');
      if (!manifest.private) expect(manifest.files).toContain('config.schema.json');
      const ajv = new Ajv({ strict: false });
      expect(ajv.validateSchema(schema)).toBe(true);
      expect(() => ajv.compile(schema)).not.toThrow();
    });

    it('has defaults and examples that fit their own schemas', () => {
      const ajv = new Ajv({ strict: false });
      const wrong = [];
      (function look(part, place) {
        if (typeof part !== 'object' || part === null) return;
        const { default: byDefault, examples = [], ...rest } = part;
        // What stands for a variable or a file becomes a value of the right kind only when it is loaded.
        const values = [
          ...(byDefault === undefined ? [] : [byDefault]),
          ...(Array.isArray(examples) ? examples : []),
        ];
        for (const value of values.filter(each => !/\$\{|"\$file"/.test(JSON.stringify(each)))) {
          const valid = ajv.validate({ ...rest, definitions: schema.definitions }, value);
          if (!valid) wrong.push(`${place}: ${JSON.stringify(value)} ${ajv.errorsText()}`);
        }
        for (const [key, value] of Object.entries(rest)) look(value, `${place}/${key}`);
      })({ ...schema, $schema: undefined }, '#');
      expect(wrong).toEqual([]);
    });
  }
});

describe.each(packages.filter(({ schema }) => schema?.definitions?.duration))(
  'a duration in the schema of $path',
  ({ schema }) => {
    const fits = new Ajv({ strict: false }).compile(schema.definitions.duration);
    const isReadable = text => {
      try {
        readDurationFromConfig(new ConfigReader({ text }), { key: 'text' });
        return true;
      } catch {
        return false;
      }
    };

    it.each(['10s', '1.5 hours', '.5m', '10 SECONDS', 'PT1M', 'P1DT2H', 'P1.5D'])('may be %j', text => {
      expect([isReadable(text), fits(text)]).toEqual([true, true]);
    });

    it.each(['soon', '', '-5s', '1m 30s', 'pt10s', '10s!'])('is not %j', text => {
      expect([isReadable(text), fits(text)]).toEqual([false, false]);
    });
  },
);

describe('configReads', () => {
  const keysIn = code =>
    configReads('a.ts', `import type { Config } from '@backstage/config';\n${code}`).map(({ key }) => key);

  it.each([
    ["config.getString('a.b')", ['*.a.b']],
    ['config.getOptional(`a.${id}.b`)', ['*.a.*.b']],
    ["const key = 'a.b'; config.getNumber(key)", ['*.a.b']],
    ["const part = config.getOptionalConfig('a'); part?.getString('b')", ['*.a', '*.a.b']],
    ["function f(k: string) { return config.getString(`a.${k}`); } f('b'); f('c');", ['*.a.b', '*.a.c']],
    ["const flag = (k: string) => config.getOptionalBoolean(k); flag('x.y')", ['*.x.y']],
    ["import { readDuration } from '../readDuration'; readDuration(config, 'a.time')", ['*.a.time']],
    [
      "new Map().get('a'); response.headers.get('etag'); import { readFile } from 'node:fs'; readFile('x')",
      [],
    ],
  ])('finds in %s: %j', (code, keys) => {
    expect(keysIn(code)).toEqual(keys);
  });
});
