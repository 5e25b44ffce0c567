// Tests of a process that is ended while it works, and of what is said then.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TemplatingExtensions } from '../TemplatingExtensions';
import { InterpreterProcess } from './InterpreterProcess';

const limits = { timeout: 30_000, memory: 64, workUnits: 1_000_000, capabilityCalls: 100 };
const request = (source: string) => ({ mode: 'value' as const, sources: [source], context: {}, options: {} });

it('is not used any more from the moment on at which it is killed, and blames no later template', async () => {
  const interpreter = new InterpreterProcess(new TemplatingExtensions(), limits);
  expect(await interpreter.run(request('${{ 1 + 1 }}'))).toEqual({ results: [{ value: 2 }] });
  // As a time limit does that is reached while the answer is on its way.
  interpreter.kill({ message: 'it takes longer than 1 ms', limit: 'timeout' });
  expect(interpreter.ended).toBe(true);
  expect(await interpreter.run(request('${{ 1 }}'))).toEqual({
    failure: { message: 'it takes longer than 1 ms', limit: 'timeout' },
  });
});

it('says that it was the memory where the process ends by itself', async () => {
  const interpreter = new InterpreterProcess(new TemplatingExtensions(), limits);
  const outcome = await interpreter.run(request('${{ [1] | batch(1000000000, "x") | length }}'));
  expect(outcome).toEqual({ failure: { message: 'it takes more memory than 64 MiB', limit: 'memory' } });
  expect(interpreter.ended).toBe(true);
});

it.each(['a text', undefined, null])('reports a filter that throws %p, which is no error', async thrown => {
  const extensions = new TemplatingExtensions();
  extensions.addTemplateFilters({
    fails() {
      // oxlint-disable-next-line no-throw-literal
      throw thrown;
    },
  });
  const interpreter = new InterpreterProcess(extensions, limits);
  expect(await interpreter.run(request('${{ 1 | fails }}'))).toMatchObject({
    failure: { message: expect.stringMatching(`^filter 'fails': .*${thrown}`) },
  });
  interpreter.kill({ message: 'the test is over' });
});

it('says why it could not be started, and keeps nobody waiting, where too many files are open', () => {
  const program = `
    const { closeSync, openSync } = require('node:fs');
    const { Interpreter } = require('./Interpreter.ts');
    const interpreter = new Interpreter({ filters: new Map(), globals: new Map() }, { size: 1 });
    const request = { mode: 'value', sources: ['1'], context: {}, options: {} };
    const open = [];
    try {
      for (;;) open.push(openSync('/dev/null'));
    } catch {
      const ask = () => interpreter.run(request).then(() => 'rendered', error => error.message);
      Promise.all([ask(), ask()]).then(async outcomes => {
        open.forEach(file => closeSync(file));
        console.log([...outcomes, await ask()].join('; '));
      });
    }`;
  const node = `exec "$0" --conditions=greenroom-source --import tsx --eval "$1"`;
  const args = ['-c', `ulimit -n 64; ${node}`, process.execPath, program];
  const { stdout } = spawnSync('/bin/sh', args, { cwd: __dirname, encoding: 'utf8', timeout: 50_000 });
  const failure = `The process that renders templates could not be started: spawn ${process.execPath} EMFILE`;
  expect(stdout).toBe(`${failure}; ${failure}; rendered\n`);
}, 60_000);

it("finds its packages where Plug'n'Play keeps them", () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-pnp-'));
  const runtime = join(folder, 'pnp.cjs');
  writeFileSync(
    join(folder, 'archived.cjs'),
    "exports.createTemplateRenderer = () => ({ prepareContext() {}, renderValue: () => 'from an archive' });",
  );
  // What yarn's runtime adds to Node, as far as it is used here.
  writeFileSync(
    runtime,
    `process.versions.pnp ??= '3';
    const nodeModule = require('node:module');
    const resolve = nodeModule._resolveFilename;
    const own = { pnpapi: __filename, nunjitsu: __dirname + '/archived.cjs' };
    nodeModule._resolveFilename = (name, ...more) => own[name] ?? resolve(name, ...more);`,
  );
  const program = `
    const { InterpreterProcess } = require('./InterpreterProcess.ts');
    const interpreter = new InterpreterProcess({ filters: new Map(), globals: new Map() }, ${JSON.stringify(limits)});
    interpreter.run(${JSON.stringify(request('1'))}).then(result => console.log(JSON.stringify(result)));`;
  const args = ['--require', runtime, '--conditions=greenroom-source', '--import', 'tsx', '--eval', program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: __dirname, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect({ stdout, stderr }).toEqual({ stdout: '{"results":[{"value":"from an archive"}]}\n', stderr: '' });
}, 60_000);
