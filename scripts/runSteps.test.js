// Shows that steps run in order of what they wait for, that failures are seen, and what is printed of them.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { repositoryRoot } = require('./testing/temporaryTree');

const moduleUrl = name => pathToFileURL(join(repositoryRoot, 'scripts/lib', name)).href;

// The scripts are ES modules, which jest does not load; node does.
function run(body) {
  const source = `
    import { runSteps } from '${moduleUrl('runSteps.mjs')}';
    import { stepTable } from '${moduleUrl('stepTable.mjs')}';
    import { absoluteFileArgs } from '${moduleUrl('absoluteFileArgs.mjs')}';
    const node = (name, code, ...after) => ({ name, command: [process.execPath, '-e', code], after });
    ${body}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    encoding: 'utf8',
  });
  return stdout + stderr;
}

it('starts a step when those it waits for have passed, and skips it when one failed', () => {
  const output = run(`
    const steps = [
      node('after both', '', 'good', 'bad'),
      node('after good', 'console.log(1)', 'good'),
      node('good', ''),
      node('bad', 'console.error("why it failed"); process.exit(3)'),
    ];
    const outcomes = await runSteps(steps);
    console.log(JSON.stringify(Object.fromEntries(outcomes.map(({ step, status }) => [step.name, status]))));
    stepTable(steps).failures(outcomes);
  `);
  expect(JSON.parse(output.split('\n')[0])).toEqual({
    good: 'passed',
    bad: 'failed',
    'after good': 'passed',
    'after both': 'skipped',
  });
  expect(output).toContain('--- bad failed');
  expect(output).toContain('why it failed');
});

it('runs no more than two steps at once', () => {
  const output = run(`
    let atOnce = 0;
    let most = 0;
    const counted = name => ({ ...node(name, ''), get command() { most = Math.max(most, ++atOnce); return [process.execPath, '-e', '']; } });
    await runSteps(['a', 'b', 'c', 'd'].map(counted), { onDone: () => atOnce-- });
    console.log(most);
  `);
  expect(output.trim()).toBe('2');
});

it('reports a command that cannot be started, and a wait that cannot end', () => {
  const output = run(`
    const [outcome] = await runSteps([{ name: 'gone', command: ['no-such-program-here'] }]);
    console.log(outcome.status, outcome.output.trim());
    await runSteps([node('a', '', 'b'), node('b', '', 'a')]).catch(error => console.log(error.message));
  `);
  expect(output).toMatch(/failed no-such-program-here could not be started: .*ENOENT/);
  expect(output).toContain('wait for one another, or for a step that does not exist: a, b');
});

it('resolves the files of options against the folder the user typed in, and nothing else', () => {
  const folder = join(repositoryRoot, 'somewhere');
  const output = run(`
    const args = ['--config', 'a.yaml', '--config=../b.yaml', '--other', 'c.yaml', '--values=d.yaml'];
    console.log(JSON.stringify(absoluteFileArgs(args, ['--config', '--values'], ${JSON.stringify(folder)})));
  `);
  expect(JSON.parse(output)).toEqual([
    '--config',
    join(folder, 'a.yaml'),
    `--config=${join(repositoryRoot, 'b.yaml')}`,
    '--other',
    'c.yaml',
    `--values=${join(folder, 'd.yaml')}`,
  ]);
});
