// Tests that a whole backend refuses a wrong configuration before anything starts, tells it to check(), and keeps the last good one.
import {
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  mkdirSync,
  renameSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coreServices, type RootConfigService } from '@greenroom/backend-plugin-api';
import { createPlugin } from '@greenroom/testing';
import { createBackend } from '../createBackend';
import { rootConfigServiceFactory } from '../services/rootConfig/factory';
import { rootLoggerServiceFactory } from '../services/rootLogger/factory';

const fiveMistakes = `backend:
  baseUrl: 5
  listen: { port: [] }
  database:
    client: mysql
  cache: { memory: { maxBytes: much } }
  auth:
    externalAccess:
      - type: static
        options: { token: geheimes-token }
`;

describe('a backend with a wrong configuration', () => {
  let root: string;
  let file: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'greenroom-wrong-config-')));
    file = join(root, 'app-config.yaml');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function backendOf(path = file) {
    const lines: string[] = [];
    let wake = () => {};
    const destination = {
      write(line: string) {
        lines.push(JSON.parse(line).message);
        wake();
      },
    };
    let config: RootConfigService | undefined;
    const backend = createBackend({
      services: [
        rootConfigServiceFactory({ argv: ['--config', path] }),
        rootLoggerServiceFactory({ format: 'json', destination }),
      ],
    });
    backend.add(
      createPlugin('test', {
        deps: { rootConfig: coreServices.rootConfig },
        async init({ rootConfig }) {
          config = rootConfig;
        },
      }),
    );
    const logged = async (pattern: RegExp) => {
      for (;;) {
        const index = lines.findIndex(line => pattern.test(line));
        if (index >= 0) return lines.splice(index, 1)[0]!;
        await new Promise<void>(resolve => (wake = resolve));
      }
    };
    return { backend, logged, config: () => config, lines };
  }

  const expected = [
    ":2:3  backend.baseUrl must be a string such as 'https://backend.example.com', and is 5",
    ':3:13  backend.listen.port must be a whole number or a string, and is a list',
    ":5:5  backend.database.client must be 'better-sqlite3' or 'pg', and is 'mysql'",
    ":6:22  backend.cache.memory.maxBytes must be a number, and is 'much'",
    ':10:9  backend.auth.externalAccess[0].options.subject is missing, and must be set',
  ].map(line => `  ${'FILE'}${line}`);

  it('does not start, and lists all mistakes with their places; check() tells the same', async () => {
    writeFileSync(file, fiveMistakes);
    const started = backendOf();
    const error: Error = await started.backend.start().then(
      () => new Error('it started'),
      reason => reason,
    );
    expect(mistakesIn(error.message)).toEqual(expected);
    expect(started.config()).toBeUndefined();

    const [problem, ...others] = await backendOf().backend.check();
    expect(problem).toMatchObject({ severity: 'error', error: { code: 'GR_SERVICE_FAILED' } });
    expect(problem!.error.cause).toMatchObject({ code: 'GR_CONFIG_INVALID', problems: { length: 5 } });
    expect(mistakesIn(problem!.error.message)).toEqual(expected);
    expect(others).toEqual([]);
    expect(error.message + problem!.error.message).not.toContain('geheimes-token');
  });

  const mistakesIn = (message: string) =>
    message
      .replaceAll(file, 'FILE')
      .split('\n')
      .map(line => /\s\s?FILE:.*/.exec(` ${line}`)?.[0].trimStart())
      .flatMap(line => (line ? [`  ${line.replace(/\s*\((?:the backend|It).*$/, '')}`] : []));

  it('is told of the place where its readers would refuse a value, and not of what they take', async () => {
    writeFileSync(
      file,
      `backend:
  listen: { port: '0x10' }
  csp: 'false'
  auth:
    externalAccess:
      - type: static
        options: { token: geheimes-token, subject: ci }
        accessRestrictions: [{ plugin: test, permissionAttribute: {} }]
  cache:
    store: redis
    connection: { pingInterval: 1000, tls: 'true' }
    redis: { cluster: { rootNodes: [{ host: one.example.com, port: 7000 }] } }
`,
    );
    const [problem] = await backendOf().backend.check();
    expect(mistakesIn(problem!.error.message)).toEqual([
      "  FILE:2:13  backend.listen.port must be a string such as '7007', and is '0x10'",
      '  FILE:8:46  backend.auth.externalAccess[0].accessRestrictions[0].permissionAttribute.action is missing, and must be set',
    ]);
  });

  it('keeps the last good state over an edit that breaks a schema, and takes the corrected one', async () => {
    writeFileSync(file, 'backend: { listen: 127.0.0.1:0, baseUrl: http://one }');
    const { backend, logged, config } = backendOf();
    await backend.start();
    writeFileSync(file, 'backend:\n  listen: 127.0.0.1:0\n  baseUrl: [two]\n  listne: 1');
    const refusal = await logged(/^The configuration stays as it was/);
    expect(refusal).toContain('app-config.yaml:3:3  backend.baseUrl must be a string');
    expect(config()!.getString('backend.baseUrl')).toBe('http://one');

    writeFileSync(file, 'backend:\n  listen: 127.0.0.1:0\n  baseUrl: http://three\n  listne: 1');
    await logged(/^The configuration was loaded anew$/);
    expect(config()!.getString('backend.baseUrl')).toBe('http://three');
    expect(await logged(/did you mean/)).toContain('backend.listne is not known');
    await backend.stop();
  });

  it('follows a mounted volume whose link is swapped, a bad version included', async () => {
    for (const [version, text] of Object.entries({ v1: 'http://one', v2: '[two]', v3: 'http://three' })) {
      mkdirSync(join(root, `..${version}`));
      const content = `backend:\n  listen: 127.0.0.1:0\n  baseUrl: ${text}\n`;
      writeFileSync(join(root, `..${version}`, 'app-config.yaml'), content);
    }
    symlinkSync('..v1', join(root, '..data'));
    symlinkSync('..data/app-config.yaml', file);
    const swap = (version: string) => {
      symlinkSync(`..${version}`, join(root, '..data_tmp'));
      renameSync(join(root, '..data_tmp'), join(root, '..data'));
    };
    const { backend, logged, config } = backendOf();
    await backend.start();
    swap('v2');
    expect(await logged(/^The configuration stays as it was/)).toContain('app-config.yaml:3:3');
    expect(config()!.getString('backend.baseUrl')).toBe('http://one');
    swap('v3');
    await logged(/^The configuration was loaded anew$/);
    expect(config()!.getString('backend.baseUrl')).toBe('http://three');
    await backend.stop();
  });
});
