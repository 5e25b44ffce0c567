// The terminal client as somebody uses it: in a process of its own, against the example backend in another one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cleanUpExamples, exampleConfig, makeFolder, runExample, writeConfig } from '../testing/runExample';

const token = 'a-token-for-the-tests-of-the-terminal-client';

describe('npm run example:scaffold', () => {
  jest.setTimeout(60_000);
  let url: string;

  beforeAll(async () => {
    const extra = await writeConfig(`
backend:
  listen: { host: 127.0.0.1, port: 0 }
  auth:
    dangerouslyDisableDefaultAuthPolicy: false
    externalAccess: [{ type: static, options: { token: ${token}, subject: terminal } }]
`);
    url = await runExample(['--config', exampleConfig, '--config', extra]).ready();
  }, 60_000);
  afterAll(cleanUpExamples);

  async function run(
    args: readonly string[],
    input = '',
    env: NodeJS.ProcessEnv = { GREENROOM_TOKEN: token },
  ) {
    const tsx = pathToFileURL(require.resolve('tsx')).href;
    const child = spawn(
      process.execPath,
      ['--conditions=greenroom-source', '--import', tsx, join(__dirname, 'index.ts'), ...args],
      { env: { PATH: process.env.PATH, ...env }, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output, errors };
  }

  it('lists the templates', async () => {
    const { code, output } = await run(['--list', '--url', url]);
    expect(code).toBe(0);
    expect(output.trim().split('\n').sort()).toEqual([
      'template:default/node-library  Library for Node',
      'template:default/runbook  Runbook for a service',
      'template:default/show-service  Service for a show',
    ]);
  });

  it('asks page by page, again where an answer does not fit, and shows the steps', async () => {
    const answers = ['template:default/runbook', '', 'Dimmer', 'dimmer', '4', '3', 'slow, loud', '', '0123'];
    const { code, output, errors } = await run(['--url', url], answers.join('\n'));
    expect(errors).toBe('');
    expect(output).toMatch(/\d\) Runbook for a service \(template:default\/runbook\)/);
    expect(output).toContain('Which service (page 1 of 3)');
    expect(output).toContain('This has to be answered');
    expect(output).toContain('It must match pattern');
    expect(output).toContain('  3) show-stops');
    expect(output).toContain('Type a number from 1 to 3');
    expect(output).toContain('What can go wrong (page 2 of 3)');
    expect(output).toContain('Who is called (page 3 of 3)');
    expect(output).toMatch(
      /▶ \[1\/3\] Make the overview\n(?: {4}.*\n)+✓ \[1\/3\] Make the overview \(\d+\.\d s\)/,
    );
    expect(output).toContain('✓ The task is done');
    expect(output).toContain('  pages: 2');
    expect(output).toContain('Fill in the pages of **dimmer**');
    expect(code).toBe(0);
  });

  it('takes values from a file and defaults for the rest, without asking', async () => {
    const file = join(await makeFolder(), 'values.yaml');
    await writeFile(file, 'name: cue-reader\nwithTest: false\n');
    const { code, output, errors } = await run([
      ...['--url', url, '--yes', '--template', 'template:default/node-library', '--values', file],
    ]);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).not.toContain('Name');
    expect(output).toContain('✓ [2/4] Leave the test out');
    expect(output).toMatch(/- catalog-info\.yaml\n\s+- package\.json\n\s+- src\/index\.mjs\n/);
    expect(output).toContain('How to publish it: https://docs.npmjs.com/cli/commands/npm-publish');
  });

  it('does the same for each of the templates', async () => {
    const file = join(await makeFolder(), 'values.json');
    await writeFile(file, JSON.stringify({ name: 'a', owner: 'digital', cues: ['go'], verbose: true }));
    const { code, output } = await run([
      ...['--url', url, '--yes', '--template', 'show-service', '--values', file],
    ]);
    expect(code).toBe(0);
    expect(output).toContain('- a/index.mjs');
  });

  it('passes on what the backend refuses', async () => {
    const refused = await run(['--url', url, '--yes', '--template', 'node-library']);
    expect(refused.code).toBe(2);
    expect(refused.errors).toMatch(/^400 from .*: The values do not fit the template: .*name/);
    expect((await run(['--url', url, '--list'], '', {})).errors).toMatch(/^401 from/);
    const missing = await run(['--url', url, '--yes', '--template', 'none']);
    expect(missing.errors).toMatch(
      '404 from /api/scaffolder/v2/templates/default/template/none/parameter-schema',
    );
  });

  it('says what to do where nobody answers, on either side', async () => {
    const port = await freePort();
    const nobody = await run(['--url', `http://127.0.0.1:${port}`, '--list']);
    expect(nobody.code).toBe(2);
    expect(nobody.errors).toMatch(/does not answer \(ECONNREFUSED\)\. Start the backend with npm start/);
    const ended = await run(['--url', url, '--template', 'node-library'], '');
    expect(ended.code).toBe(2);
    expect(ended.errors).toMatch(
      /The input ended before 'Name:' was answered\. Give answers with --values FILE/,
    );
    expect((await run(['--nonsense'])).errors).toMatch(/--nonsense/);
    expect((await run(['--values', 'nowhere.yaml', '--url', url, '--template', 'runbook'])).errors).toMatch(
      /nowhere\.yaml/,
    );
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
