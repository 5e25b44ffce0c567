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
