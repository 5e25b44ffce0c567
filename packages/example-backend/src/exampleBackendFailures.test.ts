// How a backend tells people why it can't start, each case in a process of its own.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { installationWithout } from './testing/installationWithout';
import { cleanUpExamples, exampleConfig, makeFolder, runExample, writeConfig } from './testing/runExample';

const anyPort = 'backend: { listen: { host: 127.0.0.1, port: 0 } }';
const stackTrace = /^\s+at .+:\d+:\d+\)?$/m;

const linesWith = (output: string, text: string | RegExp) =>
  output.split('\n').filter(line => (typeof text === 'string' ? line.includes(text) : text.test(line)));

describe('a backend that can not start', () => {
  jest.setTimeout(60_000);
  afterEach(cleanUpExamples);

  it('names the port that is in use', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    try {
      await once(occupant, 'listening');
      const { port } = occupant.address() as AddressInfo;
      const extra = await writeConfig(`backend: { listen: { host: 127.0.0.1, port: ${port} } }`);
      const { code, output } = await runExample(['--config', exampleConfig, '--config', extra]).exit;
      expect(code).toBe(1);
      const told = linesWith(output, `Port ${port} on 127.0.0.1 is already in use`);
      expect(told).toHaveLength(1);
      expect(told[0]).toContain('Stop the other process, or set backend.listen.port to a free port.');
      expect(output).not.toMatch(stackTrace);
    } finally {
      occupant.close();
    }
  });

  it('lists what is wrong with a configuration, with file and line', async () => {
    const broken = await writeConfig('backend:\n  listen: { port: 0\ncatalog: { a: 1, a: 2 }\n');
    const { code, output } = await runExample(['--config', exampleConfig, '--config', broken]).exit;
    expect(code).toBe(1);
    expect(linesWith(output, `${basename(broken)}:3:1 `)).toHaveLength(1);
    expect(linesWith(output, `${basename(broken)}:3:18  This key stands twice`)).toHaveLength(1);
    expect(output).not.toMatch(stackTrace);
  });

  it('names a configuration file that is not there', async () => {
    const missing = join(await makeFolder(), 'nowhere.yaml');
    const { code, output } = await runExample(['--config', missing]).exit;
    expect(code).toBe(1);
    expect(linesWith(output, missing)).toHaveLength(1);
    expect(output).not.toMatch(stackTrace);
  });

  it.each([
    ['better-sqlite3', ''],
    ['pg', 'backend: { database: { client: pg, connection: { host: 127.0.0.1 } } }'],
  ])('names the database driver %s where it is not installed', async (driver, content) => {
    const [entry, extra, database] = await Promise.all([
      installationWithout(driver),
      writeConfig(anyPort),
      writeConfig(content),
    ]);
    const args = ['--config', exampleConfig, '--config', extra, '--config', database];
    const { code, output } = await runExample(args, entry).exit;
    expect(code).toBe(1);
    expect(output).toContain(`The database of plugin 'catalog' needs the package '${driver}'`);
    expect(output).toContain(`npm install ${driver}`);
    expect(output).not.toMatch(stackTrace);
  });
});

describe('a backend with a module whose plugin is not installed', () => {
  jest.setTimeout(60_000);
  afterEach(cleanUpExamples);

  it('starts without it, and says which plugin is missing', async () => {
    const extra = await writeConfig(anyPort);
    const backend = runExample(['--config', extra], join(__dirname, 'testing/orphanModule.ts'));
    await backend.ready();
    backend.kill('SIGTERM');
    const { code, output } = await backend.exit;
    expect(code).toBe(0);
    const told = linesWith(output, "Module 'logs' of plugin 'catalog'");
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("is skipped: plugin 'catalog' is not installed. Add plugin 'catalog'");
  });
});
