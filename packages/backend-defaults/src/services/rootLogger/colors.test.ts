// Colours of log lines, in processes whose standard output is a pipe.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sourceArguments } from '../../testing/sourceArguments';

const program = `
const { RootLogger } = require(${JSON.stringify(join(__dirname, 'RootLogger.ts'))});
RootLogger.create({ format: 'pretty' }).info('hello');
`;

async function lineWith(environment: NodeJS.ProcessEnv): Promise<string> {
  const { FORCE_COLOR: _, NO_COLOR: __, ...env } = process.env;
  const args = [...sourceArguments, '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...env, ...environment } });
  return stdout;
}

it('are there only where somebody asks for them', async () => {
  expect(await lineWith({})).toMatch(/ {2}info +hello\n$/);
  expect(await lineWith({ FORCE_COLOR: '0' })).not.toContain('\u001B[');
  expect(await lineWith({ FORCE_COLOR: '1', NO_COLOR: '1' })).not.toContain('\u001B[');
  expect(await lineWith({ FORCE_COLOR: '1' })).toContain('\u001B[32minfo');
});
