// Loads the same random files and variables with both implementations.
import { rootConfigServiceFactory as theirs } from '@backstage/backend-defaults/rootConfig';
import { rootConfigServiceFactory as ours } from '@greenroom/backend-defaults/rootConfig';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomChoices } from '../lib/randomChoices.mjs';

const variables = { V_ONE: 'one', V_TWO: ' two words\n', V_EMPTY: '', V_NUMBER: '12', V_FILE: 'text.txt' };
const files = {
  'text.txt': 'text of ${V_ONE}\n\n',
  'part.yaml':
    'a: { b: deep, n: 1 }\nlist: [x, { k: v }]\nnone: null\nenv: { $env: V_ONE }\nsaid: "of ${V_TWO}"\n',
  'part.json': '{"x":{"y":[1,"two"]},"s":"${V_ONE}"}',
};
const keys = ['a', 'b', 'c', 'a-b', 'aB', 'x1', '0', 'é', 'toString', 'a b'];
const references = [
  ...['${V_ONE}', '${ V_TWO }', '${V_EMPTY}', '${V_NONE}', '$${V_ONE}', '${V_NONE:-d}', '${V_EMPTY:- d e }'],
  ...['${V_ONE:-d}', '${{ parameters.x }}', '$V_ONE', '${V_ONE}${V_TWO}', '${V_ONE', '$$${V_ONE}'],
];
const directives = [
  ...['V_ONE', 'V_TWO', 'V_EMPTY', 'V_NONE', '${V_NONE:-V_ONE}'].map($env => ({ $env })),
  ...['text.txt', './text.txt', '${V_FILE}', 'part.json', 'gone.txt'].map($file => ({ $file })),
  ...['part.yaml', 'part.yaml#a', 'part.yaml#a.b', 'part.yaml#list', 'part.yaml#said'].map($include => ({
    $include,
  })),
  ...['part.json#x.y', 'part.json#s', 'part.yaml#none', 'gone.yaml', 'text.txt#a'].map($include => ({
    $include,
  })),
  { $env: 'V_ONE', other: 1 },
  { $env: 1 },
];
const scalars = [
  ...[
    'x',
    '',
    ' y ',
    'yes',
    'true',
    'False',
    'on',
    'n',
    '1',
    '1.5',
    '0x1f',
    '1e3',
    ' 1 ',
    'NaN',
    'null',
    '2020-01-01',
  ],
  ...[0, 1, -1.5, 1e30, true, false, null],
];
const plainYaml = [
  'yes',
  'No',
  'TRUE',
  '~',
  '0o17',
  '0x1f',
  '1_000',
  '.5',
  '-.inf',
  '12:30',
  '2020-01-01',
  "'a'",
  '|\n  b\n',
];
const getters = [
  ...['', 'Config', 'ConfigArray', 'String', 'StringArray', 'Number', 'Boolean'].flatMap(type => [
    // Without getConfig: whether a section is missing is only reported by the first getter called on it.
    ...(type === 'Config' ? [] : [`get${type}`]),
    `getOptional${type}`,
  ]),
  'has',
];

/** Yields a text for each difference. */
export async function* compare(count) {
  Object.assign(process.env, variables);
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-interop-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  for (let seed = 1; seed <= count; seed++) {
    const { texts, overrides, askedKeys } = randomSources(randomChoices(seed));
    const argv = texts.flatMap((text, nr) => {
      writeFileSync(join(folder, `${nr}.yaml`), text);
      return ['--config', join(folder, `${nr}.yaml`)];
    });
    Object.assign(process.env, overrides);
    // With several sources, the published getters refuse keys below a value of another type in a weaker source.
    const asked = texts.length === 1 && Object.keys(overrides).length === 0 ? askedKeys : [];
    const here = await load(ours({ argv, watch: false, schemas: [] }), asked);
    const there = await load(theirs({ argv, watch: false }), asked);
    for (const name of Object.keys(overrides)) delete process.env[name];
    if (here !== there) {
      yield `seed ${seed}: ${texts.join('\n---\n')} ${JSON.stringify(overrides)}\nhere: ${here}\nthere: ${there}`;
    }
  }
  rmSync(folder, { recursive: true, force: true });
}

function randomSources({ below, chance, pick, some }) {
  const value = depth => {
    const kind = below(10);
    if (depth > 0 && kind < 3) return object(depth - 1);
    if (depth > 0 && kind < 5) return Array.from({ length: below(3) }, () => value(depth - 1));
    if (kind === 5) return pick(directives);
    if (kind < 8) return pick(['', 'p ']) + pick(references) + pick(['', '/s']);
    return pick(scalars);
  };
  const object = depth => Object.fromEntries(some(keys, 3).map(key => [key, value(depth)]));
  const text = () => {
    const lines = Object.entries(object(3)).map(
      ([key, given]) => `${JSON.stringify(key)}: ${JSON.stringify(given)}\n`,
    );
    return `${lines.join('')}${chance(0.3) ? `plain: ${pick(plainYaml)}\n` : ''}under: {}\n`;
  };
  const names = Array.from({ length: chance(0.3) ? 1 + below(3) : 0 }, () =>
    pick(['a', 'b', 'a-b_c', 'x1_a_b', 'c']),
  );
  const contents = [
    '1',
    'true',
    'x',
    '"x"',
    '[1,"b"]',
    '{"a":1}',
    '{"b":{"$env":"V_ONE"}}',
    '',
    ' 1 ',
    '{bad',
    '${V_ONE}',
  ];
  return {
    texts: Array.from({ length: 1 + below(3) }, text),
    overrides: Object.fromEntries(names.map(name => [`APP_CONFIG_${name}`, pick(contents)])),
    askedKeys: [
      ...keys.filter(key => /^[a-z]/.test(key)),
      'plain',
      'a.b',
      'b.a',
      'a.a-b',
      'c.x1',
      'a.b.c',
      'a..b',
      'a.',
      'a.0',
    ],
  };
}

/** Everything observable about the configuration that a factory loads, as text. */
async function load(factory, askedKeys) {
  let config;
  try {
    config = await factory.factory({});
  } catch {
    return 'refused';
  }
  const answers = askedKeys.flatMap(key =>
    getters.map(getter => `${getter}('${key}'): ${ask(config, getter, key)}`),
  );
  return [tell(config.get()), config.keys().sort(), ...answers].join('\n');
}

function ask(config, getter, key) {
  try {
    return tell(config[getter](key));
  } catch {
    return 'refused';
  }
}

function tell(value) {
  if (typeof value?.getOptional === 'function') return `section ${tell(value.getOptional())}`;
  if (typeof value?.[0]?.getOptional === 'function') return `sections ${value.map(tell)}`;
  return JSON.stringify(sorted(value), (_, each) => (typeof each === 'number' ? `number ${each}` : each));
}

/** The order of keys is not guaranteed. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map(name => [name, sorted(value[name])]));
}
