// Tests loading from real files: directives, substitution, precedence, and the report of everything that is wrong.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { folderForEach } from '../../testing/folderForEach';
import { ConfigLoadError } from './ConfigLoadError';
import { loadConfig } from './loadConfig';
import type { LoadConfigOptions } from './readConfigSources';

describe('loadConfig', () => {
  let root: string;
  folderForEach(folder => (root = folder));

  function write(files: Record<string, string>) {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
  }
  const load = (options: LoadConfigOptions = {}) => loadConfig({ argv: [], cwd: root, env: {}, ...options });
  const read = async (options?: LoadConfigOptions) =>
    ConfigReader.fromConfigs([...(await load(options)).sources]).getOptional();
  async function problemsOf(options?: LoadConfigOptions) {
    const error: ConfigLoadError = await load(options).then(
      () => Promise.reject(new Error('loaded without a problem')),
      reason => reason,
    );
    expect(error).toBeInstanceOf(ConfigLoadError);
    expect(error).toMatchObject({ name: 'ConfigLoadError', code: 'GR_CONFIG_INVALID' });
    const [first, ...lines] = error.message.split('\n  ');
    expect(first).toBe(
      `The configuration has ${lines.length === 1 ? 'one problem' : `${lines.length} problems`}:`,
    );
    expect(error.problems).toHaveLength(lines.length);
    return lines.map(line => line.replaceAll(root, '<root>'));
  }

  it('loads nothing where there is nothing', async () => {
    expect(await load()).toEqual({ sources: [], secrets: new Set(), files: new Set(), warnings: [] });
  });

  it.each(['node_modules/.bin/jest', 'node_modules/jest/bin/jest.js', 'node_modules/vitest/vitest.mjs'])(
    'leaves the --config of %s to it',
    async script => {
      write({ 'app-config.yaml': 'a: 1', 'jest.config.js': 'module.exports = {};', 'other.yaml': 'a: 2' });
      const own = process.argv;
      process.argv = ['node', join(root, script), '--config', 'jest.config.js'];
      try {
        expect(await read({ argv: undefined })).toEqual({ a: 1 });
        process.argv = ['node', join(root, 'index.js'), '--config', 'other.yaml'];
        expect(await read({ argv: undefined })).toEqual({ a: 2 });
      } finally {
        process.argv = own;
      }
    },
  );

  it('puts local over main, environment over files, and names each source', async () => {
    write({
      'app-config.yaml': 'a: { x: 1, y: 1, z: 1 }\nlist: [1, 2]\ngone: here\n',
      'app-config.local.yaml': 'a: { y: 2, z: 2 }\nlist: [3]\ngone: null\n',
    });
    const { sources, files } = await load({ env: { APP_CONFIG_a_z: '3' } });
    expect(sources.map(source => source.context)).toEqual([
      'app-config.yaml',
      'app-config.local.yaml',
      'env',
    ]);
    expect(ConfigReader.fromConfigs([...sources]).get()).toEqual({ a: { x: 1, y: 2, z: 3 }, list: [3] });
    expect([...files]).toEqual([join(root, 'app-config.yaml'), join(root, 'app-config.local.yaml')]);
  });

  it('reads files with a byte order mark, which is no part of a token', async () => {
    write({
      'app-config.yaml': '\uFEFFtoken: { $file: token.txt }\r\n',
      'token.txt': '\uFEFFa long token\r\n',
    });
    expect(await read()).toEqual({ token: 'a long token' });
    expect((await load()).secrets).toEqual(new Set(['a long token']));
  });

  it('reads the files of the environments in BACKSTAGE_ENV too, those called local last', async () => {
    const file = (name: string) => [`app-config${name}.yaml`, `from: ${name}\n`];
    const names = ['', '.e2e', '.production', '.local', '.production.local'];
    write(Object.fromEntries(names.map(file)));
    const contexts = async (options: LoadConfigOptions) =>
      (await load(options)).sources.map(source => source.context);
    const env = { BACKSTAGE_ENV: 'e2e, production,absent' };
    expect(await contexts({ env })).toEqual(names.map(name => `app-config${name}.yaml`));
    const argv = ['--config', 'app-config.e2e.yaml'];
    expect(await contexts({ env, argv })).toEqual(['app-config.e2e.yaml']);
  });

  it('leaves it to published plugins whether they can do without what their schemas require', async () => {
    write({ 'app-config.yaml': 'vault: { token: x }\n' });
    const schema = {
      type: 'object',
      properties: {
        vault: { type: 'object', properties: { token: { type: 'string' } }, required: ['auth'] },
      },
      required: ['radar'],
    };
    const asked = (packageName: string) => load({ schemas: [{ packageName, schema }] });
    expect((await asked('@example/plugin-vault-backend')).warnings?.map(({ message }) => message)).toEqual([
      'radar is missing, and must be set, says the schema of @example/plugin-vault-backend',
      'vault.auth is missing, and must be set, says the schema of @example/plugin-vault-backend',
    ]);
    await expect(asked('@greenroom/plugin-vault-backend')).rejects.toThrow('vault.auth is missing');
    write({ 'app-config.yaml': 'vault: { token: [] }\n' });
    await expect(asked('@example/plugin-vault-backend')).rejects.toThrow('vault.token must be a string');
  });

  it('lets later --config files win, JSON among them', async () => {
    write({ 'one.yaml': 'a: 1\nb: 1', 'two.json': '{ "b": 2 }', 'app-config.yaml': 'c: 3' });
    expect(await read({ argv: ['--config', 'one.yaml', '--config=two.json'] })).toEqual({ a: 1, b: 2 });
    expect(await read({ argv: ['--config', 'two.json', '--config=one.yaml'] })).toEqual({ a: 1, b: 1 });
  });

  it('takes an empty file and one of comments as no configuration', async () => {
    write({ 'app-config.yaml': '# nothing yet\n', 'app-config.local.yaml': '' });
    expect((await load()).sources).toEqual([]);
  });

  it('resolves directives, relative to the file in which they stand', async () => {
    write({
      'app-config.yaml': [
        'env: { $env: TOKEN }',
        'unset: { $env: NOT_SET }',
        'file: { $file: secrets/token.txt }',
        'part: { $include: "secrets/all.yaml#deployment.keys.0" }',
        'whole: { $include: "./secrets/${STAGE}.json" }',
        'url: https://${HOST}/${NOT_SET}',
        'list: ["${HOST}", "${NOT_SET}", { $env: NOT_SET }, last]',
      ].join('\n'),
      'secrets/token.txt': 'token-in-a-file\n',
      'secrets/all.yaml': 'deployment: { keys: [{ $file: ./token.txt }] }',
      'secrets/prod.json': '{ "a": { "$env": "TOKEN" }, "b": "${HOST}" }',
    });
    const { sources, secrets, files } = await load({
      env: { TOKEN: 'token-of-env', HOST: 'example.com', STAGE: 'prod' },
    });
    expect(sources).toEqual([
      {
        context: 'app-config.yaml',
        data: {
          env: 'token-of-env',
          file: 'token-in-a-file',
          part: 'token-in-a-file',
          whole: { a: 'token-of-env', b: 'example.com' },
          list: ['example.com', 'last'],
        },
      },
    ]);
    expect(secrets).toEqual(new Set(['token-of-env', 'token-in-a-file', 'example.com']));
    expect(files).toContain(join(root, 'secrets/token.txt'));
    expect(files).toContain(join(root, 'secrets/prod.json'));
  });

  it('takes no short value for a secret', async () => {
    write({ 'app-config.yaml': 'a: ${SHORT}\nb: ${LONG}' });
    expect((await load({ env: { SHORT: '1234567', LONG: '12345678' } })).secrets).toEqual(
      new Set(['12345678']),
    );
  });

  it('follows a fragment through a directive, and includes another part of the same file', async () => {
    write({
      'app-config.yaml':
        'a: { $include: "b.yaml#x.y" }\nself: { $include: "app-config.yaml#plain" }\nplain: 1',
      'b.yaml': 'x: { $include: "c.yaml" }',
      'c.yaml': 'y: { $env: VALUE }',
    });
    expect(await read({ env: { VALUE: 'v' } })).toEqual({ a: 'v', self: 1, plain: 1 });
  });

  it('reports everything that is wrong, in all files, with file, line and column', async () => {
    write({
      'app-config.yaml': [
        'a:',
        '  b: { $secret: x }',
        '  c: { $file: missing.txt }',
        '  d: { $env: X, other: 1 }',
        '  e: [{ $env: 7 }]',
        'f: { $include: readme.txt }',
        'g: { $include: "part.yaml#no.such" }',
        'h: { $include: gone.yaml }',
        'i: { __proto__: { polluted: true } }',
      ].join('\n'),
      'app-config.local.yaml': 'x:\n  y: [1, 2\nz: "open\n',
      'part.yaml': 'no: {}',
    });
    const lines = await problemsOf({ env: { APP_CONFIG_a__b: '1' } });
    expect(lines.slice(0, 8)).toEqual([
      "app-config.yaml:2:8  '$secret' is not a known directive: use one of $env, $file, $include.",
      'app-config.yaml:3:8  Cannot read <root>/missing.txt: there is no such file. Correct the path or create the file.',
      "app-config.yaml:4:8  '$env' must be the only key of its object: move the others out.",
      "app-config.yaml:5:9  '$env' needs a string after it.",
      "app-config.yaml:6:6  $include reads .yaml, .yml and .json files; 'readme.txt' is not one of these: use $file.",
      "app-config.yaml:7:6  There is no value at 'no.such' in <root>/part.yaml: correct what follows '#'.",
      'app-config.yaml:8:6  Cannot read <root>/gone.yaml: there is no such file. Correct the path or create the file.',
      "app-config.yaml:9:6  '__proto__' cannot be a configuration key: rename it.",
    ]);
    expect(lines.slice(8, -1).length).toBeGreaterThan(0);
    for (const line of lines.slice(8, -1)) {
      expect(line).toMatch(/^app-config\.local\.yaml:\d+:\d+ {2}This is not valid YAML: /);
    }
    expect(lines.at(-1)).toMatch(/^APP_CONFIG_a__b: /);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('reports a --config file that does not exist, and still looks at the others', async () => {
    write({ 'b.yaml': 'a: 1\na: 2\n' });
    expect(await problemsOf({ argv: ['--config', 'nope.yaml', '--config', 'b.yaml'] })).toEqual([
      'nope.yaml  There is no such file: correct the --config argument or create it.',
      'b.yaml:2:1  This key stands twice in the same object: remove or rename one of the two.',
    ]);
  });

  it('takes spaces and line breaks off variables, and resolves what is included by several steps once', async () => {
    write({
      'app-config.yaml': 'padded: { $env: PADDED }\ntext: { $include: "one.yaml#part.text" }\n',
      'one.yaml': 'part: { $include: two.yaml }',
      'two.yaml': 'text: "$${HOST} ${HOST}"',
    });
    expect(await read({ env: { PADDED: ' a b\n', HOST: 'example.com' } })).toEqual({
      padded: 'a b',
      text: '${HOST} example.com',
    });
  });

  it('says why a file that is there can not be read', async () => {
    mkdirSync(join(root, 'folder.yaml'));
    write({ 'app-config.yaml': 'a: { $include: folder.yaml }' });
    expect(await problemsOf()).toEqual([
      expect.stringMatching(/^app-config\.yaml:1:6 {2}Cannot read <root>\/folder\.yaml: .*EISDIR/),
    ]);
  });

  it('reports each key that stands twice, of other slips the first, and files elsewhere by their whole path', async () => {
    write({ 'deep/er/x': '', 'a.yaml': 'a: 1\na: 2\nb: { c: 1, c: 2 }\nd: [1\ne: "open\n' });
    const lines = await problemsOf({ cwd: join(root, 'deep/er'), argv: ['--config', '../../a.yaml'] });
    expect(lines.map(line => line.replace(/(This is not valid YAML): .*/, '$1'))).toEqual([
      '<root>/a.yaml:2:1  This key stands twice in the same object: remove or rename one of the two.',
      '<root>/a.yaml:3:12  This key stands twice in the same object: remove or rename one of the two.',
      expect.stringMatching(/^<root>\/a\.yaml:\d+:\d+ {2}This is not valid YAML$/),
    ]);
  });

  it('reports a broken included file once, however often it is included', async () => {
    write({ 'app-config.yaml': 'a: { $include: b.yaml }\nb: { $include: "b.yaml#x" }', 'b.yaml': 'x: [1' });
    const lines = await problemsOf();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^b\.yaml:\d+:\d+ {2}This is not valid YAML: /);
  });

  it('reports a circle of includes once for each place, and never loops', async () => {
    write({
      'app-config.yaml': 'a: { $include: b.yaml }',
      'b.yaml': 'x:\n  y: { $include: "./c.yaml#z" }',
      'c.yaml': 'z: { $include: b.yaml }',
    });
    expect(await problemsOf()).toEqual([
      'c.yaml:1:6  $include goes in a circle: <root>/b.yaml -> <root>/c.yaml#z -> <root>/b.yaml. Remove one of these.',
    ]);
    write({ 'app-config.yaml': 'a: { $include: "app-config.yaml#a" }' });
    expect(await problemsOf()).toHaveLength(1);
    write({ 'app-config.yaml': 'a: { $include: app-config.yaml }' });
    expect(await problemsOf()).toHaveLength(1);
  });

  it.each(['- a\n- b\n', 'just text', '42'])('refuses %j at the top of a file', async text => {
    write({ 'app-config.yaml': text });
    expect(await problemsOf()).toEqual([
      'app-config.yaml:1:1  The file must hold keys and values at its top.',
    ]);
  });

  it('refuses several documents in one file', async () => {
    write({ 'app-config.yaml': 'a: 1\n---\nb: 2\n' });
    expect(await problemsOf()).toEqual([
      "app-config.yaml:2:1  A configuration file holds one YAML document: move what follows '---' into a file of its own.",
    ]);
  });

  const quotes = 'put text that begins';
  it.each([
    [
      '*hunter2',
      `app-config.yaml:2:13  Nothing before this has the anchor that it names: ${quotes} with '*' in quotes.`,
    ],
    [
      '!hunter2',
      `app-config.yaml:2:13  This begins with '!', which is not a known tag: ${quotes} with it in quotes.`,
    ],
    ['!hunter2!x', expect.stringContaining(quotes)],
    ['!<hunter2', expect.stringContaining('2:1')],
    [
      '|hunter2',
      'app-config.yaml:2:14  This is not valid YAML: Block scalar header includes extra characters.',
    ],
    ['>hunter2', expect.stringContaining('2:1')],
    ['@hunter2', expect.stringContaining('2:1')],
    ['`hunter2', expect.stringContaining('2:1')],
    ['%hunter2', expect.stringContaining('2:1')],
    ['"hunter2', expect.stringMatching(/^app-config\.yaml:[23]:/)],
    ["'it''s' hunter2", expect.stringMatching(/^app-config\.yaml:[23]:/)],
    ['[hunter2', expect.stringMatching(/^app-config\.yaml:[23]:/)],
    ['{hunter2', expect.stringMatching(/^app-config\.yaml:[23]:/)],
    ['hunter2: hunter2', expect.stringMatching(/^app-config\.yaml:[23]:/)],
    ['"\\qhunter2"', expect.stringMatching(/^app-config\.yaml:[23]:/)],
  ])(
    'says what is wrong with the value %s and does not repeat it, as it may be a password',
    async (value, expected) => {
      write({ 'app-config.yaml': `shop:\n  password: ${value}\n` });
      const lines = await problemsOf();
      expect(lines).toEqual([expected]);
      expect(lines.join('')).not.toContain('hunter2');
    },
  );

  it('refuses aliases that multiply, at once', async () => {
    const levels = Array.from({ length: 20 }, (_, n) =>
      n === 0
        ? 'l0: &l0 [x, x]'
        : `l${n}: &l${n} [${Array(9)
            .fill(`*l${n - 1}`)
            .join(', ')}]`,
    );
    write({ 'app-config.yaml': levels.join('\n') });
    const lines = await problemsOf();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^app-config\.yaml:1:1 {2}Its aliases cannot be expanded \(.+\): write the values out\.$/,
    );
  });

  it('refuses an alias of a value that it is part of', async () => {
    write({ 'app-config.yaml': 'shop:\n  a: &a { b: [*a] }\n' });
    expect(await problemsOf()).toEqual([
      'app-config.yaml:2:15  This alias stands within the value that it names, which would never end: write it out.',
    ]);
  });

  it('expands ordinary aliases, and reports within them where they were written', async () => {
    write({ 'app-config.yaml': 'base: &base { a: 1, b: { c: 2 } }\nother: *base\n' });
    expect(await read()).toEqual({ base: { a: 1, b: { c: 2 } }, other: { a: 1, b: { c: 2 } } });
    const shared = Array.from({ length: 500 }, () => '  - *base').join('\n');
    write({ 'app-config.yaml': `base: &base { a: 1 }\nlist:\n${shared}\n` });
    expect(await read()).toMatchObject({ list: Array.from({ length: 500 }, () => ({ a: 1 })) });
    write({ 'app-config.yaml': 'base: &base\n  a: { $what: 1 }\nother: *base\n' });
    expect(await problemsOf()).toEqual([
      "app-config.yaml:2:8  '$what' is not a known directive: use one of $env, $file, $include.",
      "app-config.yaml:2:8  '$what' is not a known directive: use one of $env, $file, $include.",
    ]);
  });

  it('reports a directory in place of a file', async () => {
    mkdirSync(join(root, 'dir.yaml'));
    expect((await problemsOf({ argv: ['--config', 'dir.yaml'] }))[0]).toMatch(
      /^dir\.yaml {2}The file cannot be read \(EISDIR/,
    );
  });
});
