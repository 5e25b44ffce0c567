// Tests what is found wrong with a configuration, word by word, and what is not.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderForEach } from '../../../testing/folderForEach';
import { inspectConfig } from '../inspectConfig';
import { describeProblem } from '../ConfigPlace';
import { type ConfigSchema, inlineDefinitions } from './ConfigSchema';

describe('checkConfig', () => {
  let root: string;
  folderForEach(folder => (root = folder));

  const object = (properties: Record<string, ConfigSchema>, rest: ConfigSchema = {}): ConfigSchema => ({
    type: 'object',
    properties,
    ...rest,
  });
  const secret: ConfigSchema = { type: 'string', visibility: 'secret' };

  async function check(
    files: Record<string, string> | string,
    properties: Record<string, ConfigSchema>,
    env: NodeJS.ProcessEnv = {},
  ) {
    const all = typeof files === 'string' ? { 'app-config.yaml': files } : files;
    for (const [name, text] of Object.entries(all)) writeFileSync(join(root, name), text);
    const schemas = [{ packageName: 'shop', schema: object(properties) as never }];
    const found = await inspectConfig({ argv: [], cwd: root, env, schemas });
    const lines = (problems: typeof found.problems) => problems.map(each => describeProblem(each, root));
    return {
      problems: lines(found.problems),
      warnings: lines([...found.warnings]),
      secrets: [...found.secrets],
    };
  }

  it('tells what a number must be a multiple of', async () => {
    const { problems } = await check('shop: { guests: 1.5, seats: text, rows: 7 }', {
      shop: object({
        guests: { type: 'number', multipleOf: 1 },
        seats: { type: 'number', multipleOf: 1 },
        rows: { type: 'number', multipleOf: 5 },
      }),
    });
    expect(problems).toEqual([
      'app-config.yaml:1:9  shop.guests must be a whole number, and is 1.5',
      "app-config.yaml:1:22  shop.seats must be a whole number, and is 'text'",
      'app-config.yaml:1:35  shop.rows must be multiple of 5, and is 7',
    ]);
  });

  it('takes a fixed value as a variable has it', async () => {
    const properties = {
      shop: object({ closed: { anyOf: [{ const: false }, { type: 'number' }] }, seats: { const: 3 } }),
    };
    const { problems } = await check('shop: { closed: "${NO}", seats: "${THREE}" }', properties, {
      NO: 'false',
      THREE: '3',
    });
    expect(problems).toEqual([]);
    expect((await check('shop: { closed: "true", seats: "4" }', properties)).problems).toHaveLength(2);
    expect((await check('shop: { closed: [false], seats: ["3"] }', properties)).problems).toHaveLength(2);
  });

  it('takes text where it means another form, and no form is for this text', async () => {
    const duration: ConfigSchema = { anyOf: [{ type: 'number' }, { type: 'string', pattern: '^P' }] };
    const properties = {
      pause: { anyOf: [{ const: false }, duration] },
      seats: { anyOf: [{ type: 'number' }, { anyOf: [{ type: 'object' }, { type: 'array' }] }] },
    };
    const { problems } = await check('pause: ${NO}\nseats: ${FIVE}', properties, { NO: 'false', FIVE: '5' });
    expect(problems).toEqual([]);
    expect((await check('pause: maybe\nseats: some', properties)).problems).toHaveLength(2);
  });

  it('tells five mistakes in five lines, each with place, key, expectation and what was found', async () => {
    const { problems } = await check(
      `shop:
  port: high
  mode: fats
  tags: one
  owner:
    name: 12
`,
      {
        shop: object(
          {
            port: { type: 'number', minimum: 1 },
            mode: { type: 'string', enum: ['fast', 'slow'] },
            tags: { type: 'array', items: { type: 'string' } },
            owner: object({ name: { type: 'string' } }),
          },
          { required: ['currency'] },
        ),
      },
    );
    expect(problems).toEqual([
      'app-config.yaml:1:1  shop.currency is missing, and must be set',
      "app-config.yaml:2:3  shop.port must be a number, and is 'high'",
      "app-config.yaml:3:3  shop.mode must be 'fast' or 'slow', and is 'fats'",
      "app-config.yaml:4:3  shop.tags must be a list, and is 'one'",
      'app-config.yaml:6:5  shop.owner.name must be a string, and is 12',
    ]);
  });

  it('names the source of each value: file, included file, variable', async () => {
    const { problems } = await check(
      {
        'app-config.yaml': 'a: x\nb: { c: 1, d: ok }\ne: { $include: part.yaml#deep.list }\nf: ${NAME}',
        'app-config.local.yaml': 'a: 1\nb:\n  c: x\nh: { $env: OTHER }',
        'part.yaml': 'deep:\n  list:\n    - 1\n    - x',
      },
      {
        a: { type: 'boolean' },
        b: object({ c: { type: 'number' }, d: { type: 'string' } }, { required: ['z'] }),
        e: { type: 'array', items: { type: 'number' } },
        f: { type: 'number' },
        g: object({ h: object({ i: { type: 'number' } }, { required: ['j'] }) }),
        h: { type: 'number' },
      },
      { NAME: 'text', OTHER: 'word', APP_CONFIG_g_h_i: 'nine' },
    );
    expect(problems).toEqual([
      'app-config.local.yaml:1:1  a must be true or false, and is 1',
      'app-config.local.yaml:2:1  b.z is missing, and must be set',
      "app-config.local.yaml:3:3  b.c must be a number, and is 'x'",
      "app-config.local.yaml:4:1 (OTHER)  h must be a number, and is 'word'",
      "part.yaml:4:7  e[1] must be a number, and is 'x'",
      "app-config.yaml:4:1 (NAME)  f must be a number, and is 'text'",
      'APP_CONFIG_g_h_i  g.h.j is missing, and must be set',
      "APP_CONFIG_g_h_i  g.h.i must be a number, and is 'nine'",
    ]);
  });

  it('names the line of an entry behind one that is left out, in lists and below what is included', async () => {
    const { problems } = await check(
      {
        'app-config.yaml': 'a:\n  - { $env: UNSET }\n  - 1\n  - x\nb: { $include: part.yaml#all.deep }',
        'part.yaml': 'all: { $include: rest.yaml }',
        'rest.yaml': 'deep:\n  c: [1]\n  d:\n    - ${UNSET}\n    - y',
      },
      {
        a: { type: 'array', items: { type: 'number' } },
        b: object({ d: { type: 'array', items: { type: 'number' } } }),
      },
    );
    expect(problems).toEqual([
      "app-config.yaml:4:5  a[1] must be a number, and is 'x'",
      "rest.yaml:5:7  b.d[0] must be a number, and is 'y'",
    ]);
  });

  it('says of alternatives which was meant, or what there is to choose', async () => {
    const either: ConfigSchema = {
      anyOf: [
        { type: 'number' },
        { type: 'string' },
        object({ type: { const: 'a' }, size: { type: 'number' } }, { required: ['type', 'size'] }),
        object({ type: { const: 'b' }, name: { type: 'string' } }, { required: ['type', 'name'] }),
      ],
      examples: ['10s'],
    };
    const { problems } = await check(
      'list:\n  - { type: a, size: [] }\n  - { type: b }\n  - true\n  - 5\n  - { type: c }',
      { list: { type: 'array', items: either } },
    );
    expect(problems).toEqual([
      'app-config.yaml:2:16  list[0].size must be a number, and is a list',
      'app-config.yaml:3:5  list[1].name is missing, and must be set',
      "app-config.yaml:4:5  list[2] must be a number, a string or an object such as '10s', and is true",
      "app-config.yaml:6:5  list[4] must be a number, a string or an object such as '10s', and is an object",
    ]);
  });

  it('refuses what fits several where only one may, or none', async () => {
    const one = { oneOf: [{ type: 'string' }, { type: 'number' }] };
    expect((await check('a: [1]', { a: one })).problems).toEqual([
      'app-config.yaml:1:1  a must be a string or a number, and is a list',
    ]);
    const { problems } = await check('shop: { card: 1, cash: 1 }', {
      shop: { oneOf: [object({}, { required: ['card'] }), object({}, { required: ['cash'] })] },
    });
    expect(problems).toEqual([
      'app-config.yaml:1:1  shop must have one of its forms, not several, and is an object',
    ]);
  });

  it('takes what readers take: numbers and booleans as text, null for nothing, keys that nobody knows', async () => {
    const found = await check(
      'a: "12"\nb: ${FLAG}\nc: null\nd: { other: 1 }\nunknown: { deep: 1 }\ne: { any: { thing: 1 } }\nf: ${FLAG}',
      {
        a: { type: 'integer' },
        b: { type: 'boolean' },
        c: { type: 'string' },
        d: object({ known: { type: 'string' } }, { additionalProperties: false }),
        e: { type: 'object', additionalProperties: { type: 'object' } },
        f: { anyOf: [{ const: true }, { type: 'object' }] },
      },
      { FLAG: 'true' },
    );
    expect(found).toMatchObject({ problems: [], warnings: [] });
    const { problems } = await check(
      'f: ${FLAG}',
      { f: { anyOf: [{ const: false }, { type: 'object' }] } },
      { FLAG: 'true' },
    );
    expect(problems).toEqual(["app-config.yaml:1:1 (FLAG)  f must be false or an object, and is 'true'"]);
  });

  it('takes text as what a schema says of text, where it does, and not as a number', async () => {
    const port = {
      anyOf: [
        { type: 'integer', minimum: 0 },
        { type: 'string', pattern: '^[0-9]+$', examples: ['7007'] },
      ],
    };
    const { problems } = await check('a: "80"\nb: "-1"\nc: "0x10"\nd: { in: "1e3" }', {
      ...{ a: port, b: port, c: port },
      d: { anyOf: [object({ in: port }), { type: 'array' }] },
    });
    expect(problems).toEqual([
      "app-config.yaml:2:1  b must be a string such as '7007', and is '-1'",
      "app-config.yaml:3:1  c must be a string such as '7007', and is '0x10'",
      "app-config.yaml:4:6  d.in must be a string such as '7007', and is '1e3'",
    ]);
  });

  it('takes text as a number or boolean beside a list of words, which is not for it', async () => {
    const word = (...words: string[]): ConfigSchema => ({ type: 'string', enum: words });
    const properties = {
      tls: { anyOf: [{ type: 'boolean' }, word('auto')] },
      limit: { anyOf: [{ type: 'string', const: 'none' }, { type: 'number' }] },
      log: { oneOf: [word('some', 'all'), { type: 'boolean' }] },
    };
    const text = 'tls: ${TRUE}\nlimit: ${FIVE}\nlog: ${TRUE}';
    expect((await check(text, properties, { TRUE: 'true', FIVE: '5' })).problems).toEqual([]);
    expect((await check('tls: auto\nlimit: none\nlog: all', properties)).problems).toEqual([]);
    expect((await check('tls: maybe\nlimit: much\nlog: few', properties)).problems).toHaveLength(3);
  });

  // Made from types of published packages that say less than what reads them.
  const units = object({
    hours: { type: 'number' },
    minutes: { type: 'number' },
    milliseconds: { type: 'number' },
  });
  const provider = object(
    {
      host: { type: 'string' },
      schedule: object({
        frequency: {
          anyOf: [object({ cron: { type: 'string' } }, { required: ['cron'] }), { type: 'object' }, units],
        },
        timeout: units,
      }),
    },
    { required: ['host'] },
  );
  const providers: ConfigSchema = { anyOf: [provider, { type: 'object', additionalProperties: provider }] };

  it('takes a duration as text where a schema has its units, inside of alternatives too', async () => {
    const schedule = 'schedule: { frequency: PT1H, timeout: 5m }';
    const found = await check(
      `plain: { host: a, ${schedule} }\none: { host: a, ${schedule} }\nnamed: { x: { host: a, ${schedule} } }`,
      { plain: provider, one: providers, named: providers },
    );
    expect(found).toMatchObject({ problems: [], warnings: [] });
    const { problems } = await check('plain: { host: a, schedule: { frequency: hourly, timeout: soon } }', {
      plain: provider,
    });
    expect(problems).toEqual([
      "app-config.yaml:1:31  plain.schedule.frequency must be an object, and is 'hourly'",
      "app-config.yaml:1:50  plain.schedule.timeout must be an object, and is 'soon'",
    ]);
  });

  it('tells what is wrong inside of the alternative that fits furthest', async () => {
    const { problems } = await check('one: { host: 5 }\nnamed: { x: { schedule: {} } }\nshop: {}', {
      one: providers,
      named: providers,
      shop: { anyOf: [object({}, { required: ['card'] }), object({}, { required: ['cash'] })] },
    });
    expect(problems).toEqual([
      'app-config.yaml:1:8  one.host must be a string, and is 5',
      'app-config.yaml:2:10  named.x.host is missing, and must be set',
      'app-config.yaml:3:1  shop must have one of its forms, and is an object',
    ]);
  });

  it('warns of keys that are much like known ones, but not beside these at the top and not where any key is allowed', async () => {
    const { problems, warnings } = await check(
      'shpo: 1\nshop:\n  prot: 1\n  Port: 2\n  colour: 3\n  list:\n    - naem: x\n  map: { prot: 1 }',
      {
        shop: object({
          port: { type: 'number' },
          list: { type: 'array', items: object({ name: { type: 'string' } }) },
          map: { type: 'object', properties: { port: { type: 'number' } }, additionalProperties: true },
        }),
      },
    );
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      "app-config.yaml:3:3  shop.prot is not known: did you mean 'port'?",
      "app-config.yaml:4:3  shop.Port is not known: did you mean 'port'?",
      "app-config.yaml:7:7  shop.list[0].naem is not known: did you mean 'name'?",
    ]);
  });

  it('tells of a text that is not of the form it should have, by an example where there is one', async () => {
    const { problems } = await check("shop: { time: soon, code: a1, rate: '12' }", {
      shop: object({
        time: { anyOf: [{ type: 'number' }, { type: 'string', pattern: '^\\d+s$', examples: ['10s'] }] },
        code: { type: 'string', pattern: '^[a-z]+$' },
        rate: { type: 'string', pattern: '^\\d+$' },
      }),
    });
    expect(problems).toEqual([
      "app-config.yaml:1:9  shop.time must be a string such as '10s', and is 'soon'",
      `app-config.yaml:1:21  shop.code must match pattern "^[a-z]+$", and is 'a1'`,
    ]);
  });

  it('leaves out a schema with an expression that is none', async () => {
    const { problems, warnings } = await check('shop: { code: a }', {
      shop: object({ code: { type: 'string', pattern: '(' } }),
    });
    expect(problems).toEqual([]);
    const unused = [expect.stringContaining('The configuration schema of shop is not used: Invalid regular')];
    expect(warnings).toEqual(unused);
    const patternProperties = { '^[\\w-.]+$': { type: 'number' } };
    const checked = await check('shop: { a-b: 1 }', { shop: { type: 'object', patternProperties } });
    expect(checked.warnings).toEqual(unused);
  });

  it('warns of a key at the top that stands where its like is missing', async () => {
    const { warnings } = await check('shpo: { port: 1 }\ncafe: 2\nstock: 3', {
      shop: object({ port: { type: 'number' } }),
      stocks: { type: 'number' },
    });
    expect(warnings).toEqual([
      "app-config.yaml:1:1  shpo is not known: did you mean 'shop'?",
      "app-config.yaml:3:1  stock is not known: did you mean 'stocks'?",
    ]);
  });

  it('warns of keys that are on their way out, with what to use instead', async () => {
    const { problems, warnings } = await check('shop: { old: 1, pin: abc }', {
      shop: object({
        old: { type: 'number', deprecated: 'use `new`' },
        pin: { ...secret, deprecated: true },
        older: { type: 'number', deprecated: true },
      }),
    });
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      'app-config.yaml:1:9  shop.old is deprecated: use `new`',
      'app-config.yaml:1:17  shop.pin is deprecated',
    ]);
  });

  it('never shows a secret', async () => {
    const { problems, secrets } = await check(
      'shop:\n  pin: 1234567\n  mode: ${PASSWORD}\n  key: { deep: [k3y] }\n  url: redis://u:p%40ss@host\n  port: n0t-a-secret',
      {
        shop: object({
          pin: secret,
          mode: { type: 'string', enum: ['fast'] },
          key: { type: 'object', deepVisibility: 'secret' },
          url: secret,
          port: { type: 'number' },
        }),
      },
      { PASSWORD: 'correct-horse' },
    );
    expect(secrets.sort()).toEqual([
      '1234567',
      'correct-horse',
      'k3y',
      'p%40ss',
      'p@ss',
      'redis://u:p%40ss@host',
    ]);
    expect(problems).toEqual([
      'app-config.yaml:2:3  shop.pin must be a string, and is not',
      "app-config.yaml:3:3 (PASSWORD)  shop.mode must be 'fast', and is another string",
      "app-config.yaml:6:3  shop.port must be a number, and is 'n0t-a-secret'",
    ]);
  });

  it('shows a wrong value where a part of a secret is empty', async () => {
    const { problems, secrets } = await check('shop: { key: { user: "", pass: k3y }, port: text }', {
      shop: object({ key: { type: 'object', deepVisibility: 'secret' }, port: { type: 'number' } }),
    });
    expect(secrets).toEqual(['k3y']);
    expect(problems).toEqual(["app-config.yaml:1:39  shop.port must be a number, and is 'text'"]);
  });

  it('takes for a secret only what the value was meant for, and no address without a password', async () => {
    const { secrets } = await check(
      'db: { connection: { host: db.example.com, password: geheim } }\nmemory: ":memory:"\nfile: hidden\ncache: redis://cache.example.com:6379',
      {
        db: object({
          connection: { anyOf: [secret, object({ host: { type: 'string' }, password: secret })] },
        }),
        memory: { anyOf: [{ const: ':memory:' }, secret] },
        file: { anyOf: [{ const: ':memory:' }, secret] },
        cache: secret,
      },
    );
    expect(secrets).toEqual(['geheim', 'hidden']);
  });

  it('knows secrets at any depth of what has parts like itself, and bears schemas that mean themselves', async () => {
    writeFileSync(
      join(root, 'app-config.yaml'),
      'tree: { pin: one1, children: [{ pin: two2, children: [{ pin: three3, children: [{ pin: four4 }] }] }] }\nself: five5',
    );
    const tree = '#/definitions/tree';
    const schema = inlineDefinitions({
      definitions: {
        tree: object({ pin: secret, children: { type: 'array', items: { $ref: tree } } }),
        self: { anyOf: [{ $ref: '#/definitions/self' }, { type: 'string' }] },
      },
      ...object({ tree: { $ref: tree }, self: { $ref: '#/definitions/self' } }),
    });
    const schemas = [{ packageName: 'shop', schema: schema as never }];
    const found = await inspectConfig({ argv: [], cwd: root, env: {}, schemas });
    expect([...found.secrets]).toEqual(['one1', 'two2', 'three3', 'four4']);
  });

  it('goes on without a schema that is none, and says so', async () => {
    const found = await check('a: 1', { a: { type: 'nonsense' } });
    expect(found.problems).toEqual([]);
    expect(found.warnings).toEqual([
      expect.stringMatching(/^The configuration schema of shop is not used: /),
    ]);
  });
});
