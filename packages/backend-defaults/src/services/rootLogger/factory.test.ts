// Tests the loggers as a backend has them: in a process of its own, since they write to its standard output.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderForEach } from '../../testing/folderForEach';
import { sourceArguments } from '../../testing/sourceArguments';

describe('rootLoggerServiceFactory and loggerServiceFactory', () => {
  let root: string;
  folderForEach(folder => (root = folder));

  it('log with fields of plugin and configuration, without secrets, at the level of the moment', () => {
    const config = (level: string, secret: string) =>
      `password: \${${secret}}\nguest: \${GUEST}\nbackend: { logger: { level: ${level}, meta: { region: eu }, redactAllowlist: [let-me-in] } }\n`;
    writeFileSync(join(root, 'app-config.yaml'), config('info', 'FIRST'));
    const output = execFileSync(
      process.execPath,
      [...sourceArguments, join(__dirname, 'loggingBackend.fixture.ts')],
      {
        encoding: 'utf8',
        cwd: root,
        env: {
          ...process.env,
          LOG_LEVEL: '',
          NODE_ENV: 'production',
          FIRST: 'correct-horse',
          GUEST: 'let-me-in',
          SECOND: 'battery-staple',
          NEXT_CONFIG: config('debug', 'SECOND'),
        },
      },
    );
    const entries = output
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
      .filter(entry => entry.plugin === 'shop');
    const base = { time: expect.any(String), service: 'greenroom', region: 'eu', plugin: 'shop' };
    expect(entries).toEqual([
      { ...base, level: 'info', message: 'password is ***, or let-me-in', url: 'http://u:***@host' },
      { ...base, level: 'debug', message: 'now ***' },
    ]);
    expect(output).not.toMatch(/correct-horse|battery-staple/);
  }, 30_000);
});
