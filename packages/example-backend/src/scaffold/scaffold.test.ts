// The terminal client as somebody uses it: in a process of its own, against the example backend in another one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cleanUpExamples, exampleConfig, makeFolder, runExample, writeConfig } from '../testing/runExample';

const token = 'a-token-for-the-tests-of-the-terminal-client';

const runbook = `
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: runbook, title: Runbook for a service }
spec:
  type: documentation
  parameters:
    - title: Which service
      required: [service]
      properties:
        service: { type: string, title: Service, pattern: '^[a-z]+$' }
        severity: { enum: [nobody-notices, show-is-late, show-stops], default: show-is-late }
    - title: What can go wrong
      properties:
        symptoms: { type: array, title: Symptoms, items: { type: string }, default: [slow] }
        pages: { type: integer, default: 3 }
        draft: { type: boolean, default: true }
    - title: Who is called
      when: \${{ parameters.severity === 'show-stops' }}
      required: [phone]
      properties:
        phone: { type: string }
  steps:
    - id: say
      name: Say it
      action: debug:log
      input:
        message: \${{ parameters.service }} \${{ parameters.severity }} \${{ parameters.symptoms | dump }} \${{ parameters.pages }} \${{ parameters.draft }} \${{ parameters.phone }}
    - id: left
      name: Leave it
      if: \${{ not parameters.draft }}
      action: debug:log
      input: { message: never }
    - { id: wait, name: Wait a little, action: 'debug:wait', input: { milliseconds: 100 } }
  output:
    symptoms: \${{ parameters.symptoms | length }}
    links: [{ title: The runbook, url: 'https://example.com/\${{ parameters.service }}' }]
    text: [{ title: What to do next, content: 'Fill in the pages of **\${{ parameters.service }}**' }]
`;

describe('npm run example:scaffold', () => {
  jest.setTimeout(60_000);
  let url: string;

  beforeAll(async () => {
    const file = join(await makeFolder(), 'runbook.yaml');
    await writeFile(file, runbook);
    const extra = await writeConfig(`
backend:
  listen: { host: 127.0.0.1, port: 0 }
  auth:
    dangerouslyDisableDefaultAuthPolicy: false
    externalAccess: [{ type: static, options: { token: ${token}, subject: terminal } }]
catalog:
  locations:
    - { type: file, target: ./entities/copperlight.yaml }
    - { type: file, target: ${file} }
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
      'template:default/documentation-site  Documentation site',
      'template:default/library  Library',
      'template:default/runbook  Runbook for a service',
      'template:default/show-service  Service for a show',
    ]);
  });

  it('asks page by page, again where an answer does not fit, and shows the steps', async () => {
    const answers = [
      ...['template:default/runbook', '', 'Dimmer', 'dimmer', '4', '3'],
      ...['slow, loud', 'many', '2', 'perhaps', '', '0123'],
    ];
    const { code, output, errors } = await run(['--url', url], answers.join('\n'));
    expect(errors).toBe('');
    expect(output).toMatch(/\d\) Runbook for a service \(template:default\/runbook\)/);
    expect(output).toContain('Which service (page 1 of 3)');
    expect(output).toContain('This has to be answered');
    expect(output).toContain('It must match pattern');
    expect(output).toContain('  3) show-stops');
    expect(output).toContain('Type a number from 1 to 3');
    expect(output).toContain('What can go wrong (page 2 of 3)');
    expect(output).toContain('Type a number\n');
    expect(output).toContain('Type y or n');
    expect(output).toContain('Who is called (page 3 of 3)');
    expect(output).toMatch(
      /▶ \[1\/3\] Say it\n {4}dimmer show-stops \["slow","loud"\] 2 true 0123\n✓ \[1\/3\] Say it \(\d+\.\d s\)\n- \[2\/3\] Leave it\n/,
    );
    expect(output).toContain('✓ [3/3] Wait a little');
    expect(output).toContain('✓ The task is done\n  The runbook: https://example.com/dimmer\n');
    expect(output).toContain('  symptoms: 2');
    expect(output).toContain('Fill in the pages of **dimmer**');
    expect(code).toBe(0);
  });

  it('takes values from a file and defaults for the rest, without asking', async () => {
    const file = join(await makeFolder(), 'values.yaml');
    await writeFile(file, 'service: dimmer\nsymptoms: []\n');
    const { code, output, errors } = await run([
      ...['--url', url, '--yes', '--template', 'template:default/runbook', '--values', file],
    ]);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).not.toContain('page 1');
    expect(output).toContain('    dimmer show-is-late [] 3 true \n');
  });

  it.each(['show-service', 'library', 'documentation-site'])('runs the example template %s', async name => {
    const file = join(await makeFolder(), 'values.json');
    await writeFile(file, JSON.stringify({ name: 'lights', owner: 'digital' }));
    const { code, output } = await run(['--url', url, '--yes', '--template', name, '--values', file]);
    expect(output).toContain('✓ The task is done');
    expect(output).toContain('What to do next');
    expect(code).toBe(0);
  });

  it('passes on what the backend refuses', async () => {
    const refused = await run(['--url', url, '--yes', '--template', 'library']);
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
    const ended = await run(['--url', url, '--template', 'library'], '');
    expect(ended.code).toBe(2);
    expect(ended.errors).toMatch(
      /The input ended before 'Name:' was answered\. Give answers with --values FILE/,
    );
    expect((await run(['--nonsense'])).errors).toMatch(/--nonsense/);
    expect((await run(['--values', 'nowhere.yaml', '--url', url, '--template', 'library'])).errors).toMatch(
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
