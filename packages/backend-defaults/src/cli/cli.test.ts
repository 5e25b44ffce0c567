// Tests the command line in processes of its own: what it prints, where, and with which exit code.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

describe('greenroom', () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'greenroom-cli-')));
    write('package.json', JSON.stringify({ name: 'shop', dependencies: { till: '*' } }));
    mkdirSync(join(root, 'node_modules/till'), { recursive: true });
    write(
      'node_modules/till/package.json',
      JSON.stringify({
        name: 'till',
        configSchema: {
          type: 'object',
          properties: {
            till: {
              type: 'object',
              properties: { pin: { type: 'string', visibility: 'secret' }, float: { type: 'number' } },
            },
          },
        },
      }),
    );
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (name: string, text: string) => writeFileSync(join(root, name), text);
  const command = [
    '--conditions=greenroom-source',
    '--import',
    pathToFileURL(require.resolve('tsx')).href,
    join(__dirname, 'main.ts'),
  ];
  const environment = { PATH: process.env.PATH, HOME: process.env.HOME };
  function run(args: string[], env: NodeJS.ProcessEnv = {}) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...command, ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...environment, ...env },
    });
    return { status, stdout, stderr };
  }

  it('config:check is content with a sound configuration', () => {
    write('app-config.yaml', 'till: { pin: "1234567", float: 10 }\nbackend: { listen: 7007 }');
    expect(run(['config:check'])).toEqual({
      status: 0,
      stdout: 'app-config.yaml: no problems (checked against 4 schemas)\n',
      stderr: '',
    });
  });

  it('config:check lists problems and warnings in aligned columns, and fails for problems alone', () => {
    write('a.yaml', 'till: { pin: 1234567 }\nbackend:\n  listne: 1');
    write('b.yaml', 'till: { float: much }');
    const args = ['config:check', '--config', 'a.yaml', '--config=b.yaml'];
    const problems = run(args, { APP_CONFIG_backend_baseUrl: '5' });
    expect(problems.stdout.split('\n')).toEqual([
      'error    a.yaml:1:9                  till.pin must be a string, and is not',
      "error    b.yaml:1:9                  till.float must be a number, and is 'much'",
      "error    APP_CONFIG_backend_baseUrl  backend.baseUrl must be a string such as 'https://backend.example.com', and is 5",
      "warning  a.yaml:3:3                  backend.listne is not known: did you mean 'listen'?",
      'a.yaml, b.yaml, APP_CONFIG_ variables: 3 problems, one warning (checked against 4 schemas)',
      '',
    ]);
    expect(problems).toMatchObject({ status: 1, stderr: '' });
    expect(run(['config:check', '--config', 'none.yaml'])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('none.yaml  There is no such file'),
    });

    write('a.yaml', 'backend: { listne: 1 }');
    const warned = run(['config:check', '--config', 'a.yaml']);
    expect(warned).toMatchObject({ status: 0, stdout: expect.stringContaining('a.yaml: one warning') });
  });

  it('config:check says where to run it, at the top of workspaces, which know no plugin', () => {
    const workspaces = ['packages/*'];
    write('package.json', JSON.stringify({ name: 'shop', workspaces, dependencies: { tsx: '*' } }));
    write('app-config.yaml', 'till: { float: much }');
    expect(run(['config:check'])).toEqual({
      status: 0,
      stdout:
        'app-config.yaml: no problems (checked against 3 schemas)\n' +
        "No plugin's schema is among them, as shop depends on no plugin: run this in the folder of the backend's package\n",
      stderr: '',
    });
    const dependencies = { '@greenroom/till': '*' };
    write('package.json', JSON.stringify({ name: 'shop', workspaces, dependencies }));
    expect(run(['config:check']).stdout).not.toContain('No plugin');
  });

  it('config:print prints what is in force, with secrets masked wherever they show', () => {
    write(
      'app-config.yaml',
      'till:\n  pin: "1234567"\n  float: 5\ntext: pin 1234567, ${TOKEN}\nlist: [{ a: 1 }]\n',
    );
    write('app-config.local.yaml', 'till: { float: 10 }');
    const env = { TOKEN: 'correct-horse', APP_CONFIG_more: 'yes' };
    expect(run(['config:print'], env)).toEqual({
      status: 0,
      stdout: 'till:\n  pin: "***"\n  float: 10\ntext: pin ***, ***\nlist:\n  - a: 1\nmore: yes\n',
      stderr: '',
    });
    expect(JSON.parse(run(['config:print', '--format', 'json'], env).stdout)).toEqual({
      till: { pin: '***', float: 10 },
      text: 'pin ***, ***',
      list: [{ a: 1 }],
      more: 'yes',
    });
    expect(run(['config:print', '--with-sources'], env).stdout).toBe(
      [
        'till:',
        '  pin: "***" # app-config.yaml:2:3',
        '  float: 10 # app-config.local.yaml:1:9',
        'text: pin ***, *** # app-config.yaml:4:1 (TOKEN)',
        'list:',
        '  - a: 1 # app-config.yaml:5:10',
        'more: yes # APP_CONFIG_more',
        '',
      ].join('\n'),
    );
  });

  it('config:print masks the secrets of integrations that only published plugins use', () => {
    const integrations = {
      azure: [{ host: 'dev.azure.com', credentials: [{ personalAccessToken: 'azure-pat' }] }],
      awsS3: [{ accessKeyId: 'visible', secretAccessKey: 'aws-key' }],
      googleGcs: { clientEmail: 'visible', privateKey: 'gcs-key' },
      gitlab: [{ host: 'gitlab.com', commitSigningKey: 'pgp-key' }],
    };
    write('app-config.yaml', JSON.stringify({ integrations }));
    const { stdout, stderr } = run(['config:print', '--format', 'json']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout).integrations).toEqual({
      azure: [{ host: 'dev.azure.com', credentials: [{ personalAccessToken: '***' }] }],
      awsS3: [{ accessKeyId: 'visible', secretAccessKey: '***' }],
      googleGcs: { clientEmail: 'visible', privateKey: '***' },
      gitlab: [{ host: 'gitlab.com', commitSigningKey: '***' }],
    });
  });

  it('config:print tells problems on standard error, beside what it can print', () => {
    write('app-config.yaml', 'till: { float: much }');
    expect(run(['config:print'])).toEqual({
      status: 1,
      stdout: 'till:\n  float: much\n',
      stderr: "error    app-config.yaml:1:9  till.float must be a number, and is 'much'\n",
    });
  });

  it('config:schema compiles what is written as types; other commands know it from then on', () => {
    const typed = (name: string, types: string) => {
      mkdirSync(join(root, 'node_modules', name), { recursive: true });
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, configSchema: 'config.d.ts' }));
      write(`node_modules/${name}/config.d.ts`, types);
    };
    const dependencies = { till: '*', scales: '*', torn: '*' };
    write('package.json', JSON.stringify({ name: 'shop', dependencies }));
    typed('scales', 'export interface Config { scales?: { /** @visibility secret */ code: string } }');
    write('app-config.yaml', 'scales: { code: abcdefgh }');
    const folder = join(root, 'node_modules/.cache/greenroom/config-schemas');
    expect(run(['config:schema'])).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /^Compiled one configuration schema that is written as types in [\d.]+ s, and kept it in /,
      ),
      stderr: '',
    });
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^scales@-[0-9a-f]{16}\.json$/)]);

    // Were it compiled again, it would be from the types.
    write(
      `node_modules/.cache/greenroom/config-schemas/${readdirSync(folder)[0]}`,
      '{"schema":{"properties":{"scales":{"type":"number","visibility":"secret"}}}}',
    );
    expect(run(['config:print']).stdout).toBe('scales: "***"\n');
    typed('torn', 'export interface Config { torn: ');
    expect(run(['config:schema'])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('Compiled 2 configuration schemas'),
      stderr: expect.stringMatching(/^The configuration schema of torn is not used: line 1 has a mistake: /),
    });
  });

  it("finds the schemas of packages where Plug'n'Play keeps them, by its API", () => {
    mkdirSync(join(root, 'store'), { recursive: true });
    renameSync(join(root, 'node_modules/till'), join(root, 'store/till'));
    // What yarn's runtime adds to Node, as far as it is used here.
    write(
      'pnp.cjs',
      `process.versions.pnp = '3';
      require('node:module').findPnpApi = folder => folder.startsWith(__dirname) && {
        resolveToUnqualified(name, from) {
          if (name !== 'till' || !from.endsWith('/')) throw new Error('not installed: ' + name);
          return __dirname + '/store/till';
        },
      };`,
    );
    write('app-config.yaml', 'till: { pin: "1234567" }');
    expect(run(['config:print'], { NODE_OPTIONS: `--require ${join(root, 'pnp.cjs')}` })).toEqual({
      status: 0,
      stdout: 'till:\n  pin: "***"\n',
      stderr: '',
    });
  });

  it.each([
    [[], 'Say which command to run.'],
    [['config:chekc'], "There is no command 'config:chekc'."],
    [['config:check', '--nothing'], "Unknown option '--nothing'"],
    [['config:check', 'a', 'b'], "'a b' is one argument too many."],
    [['config:print', '--format', 'xml'], "--format is yaml or json, not 'xml'."],
    [['config:print', '--format', 'json', '--with-sources'], '--with-sources writes comments'],
  ])('refuses %j with the usage and code 2', (args, message) => {
    const { status, stdout, stderr } = run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('Usage: greenroom <command>');
  });

  it('ends without a word when nobody reads its output any more', async () => {
    write('app-config.yaml', 'till: { float: much }');
    const child = spawn(process.execPath, [...command, 'config:check'], { cwd: root, env: environment });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', text => (stderr += text));
    const [status] = await once(child, 'close');
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  });

  it('prints the usage where it is asked for', () => {
    expect(run(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('config:print') });
  });
});
