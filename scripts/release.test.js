// Releases a made-up repository: what is left of a release that did not come to its end, and how to go on from there.
const { spawnSync } = require('node:child_process');
const { chmodSync, cpSync, readFileSync } = require('node:fs');
const { delimiter, join } = require('node:path');
const { repositoryRoot, temporaryTree } = require('./testing/temporaryTree');

let tree;

/** Stands in for changesets: writes a version and a changelog, and removes the changeset that asked for them. */
const changesets = `
const { existsSync, rmSync, writeFileSync } = require('node:fs');
if (existsSync('.changeset/one.md')) {
  rmSync('.changeset/one.md');
  writeFileSync('packages/one/package.json', '{"name":"@greenroom/one","version":"1.0.0"}');
  writeFileSync('packages/one/CHANGELOG.md', '# 1.0.0');
}
`;

beforeEach(() => {
  tree = temporaryTree({
    '.gitignore': 'node_modules\nbin\npublished\n',
    '.changeset/one.md': 'one',
    'package.json': { packageManager: 'yarn@4.0.0' },
    'packages/one/package.json': { name: '@greenroom/one', version: '0.0.0' },
    'node_modules/@changesets/cli/package.json': { bin: { changeset: 'bin.js' } },
    'node_modules/@changesets/cli/bin.js': changesets,
  });
  cpSync(join(repositoryRoot, 'scripts/lib'), join(tree.root, 'scripts/lib'), { recursive: true });
  tree.copy('scripts/release.mjs');
  tree.write('scripts/build.mjs', '');
  sh('git init -q && git add -A && git commit -qm first');
});

afterEach(() => tree.remove());

function sh(command, input = '') {
  // yarn is run by way of npx; this one writes down what it was to publish, or fails.
  tree.write('bin/npx', '#!/bin/sh\n[ -e bin/broken ] && exit 5\necho "$*" >> published\n');
  chmodSync(join(tree.root, 'bin/npx'), 0o755);
  const who = {
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a',
  };
  const PATH = `${join(tree.root, 'bin')}${delimiter}${process.env.PATH}`;
  const options = { cwd: tree.root, encoding: 'utf8', input, env: { ...process.env, ...who, PATH } };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], options);
  return { status, output: stdout + stderr };
}

const release = input => sh(`"${process.execPath}" scripts/release.mjs --skip-checks`, input);
const changes = () => sh('git status --porcelain').output;
const published = () => readFileSync(join(tree.root, 'published'), 'utf8').trim().split('\n');

it.each(['n\n', ''])(
  'publishes nothing where the answer is %j, and says how to take back what it wrote',
  answer => {
    const { status, output } = release(answer);
    expect(status).toBe(1);
    const [, takeBack] = /Not released: nobody agreed to it.*written; `(.+)` takes them back/.exec(output);
    expect(changes()).toContain('CHANGELOG.md');
    sh(takeBack);
    expect(changes()).toBe('');
    expect(published).toThrow('ENOENT');
  },
);

it('publishes, and says how to keep it: with the changelogs', () => {
  const { status, output } = release('y\n');
  expect(status).toBe(0);
  expect(published()).toEqual([expect.stringMatching(/npm publish .*--tolerate-republish$/)]);
  const [, keep] = /\n {2}(.+) && npx changeset tag && git push --follow-tags\n/.exec(output);
  sh(keep);
  expect(changes()).toBe('');
  expect(sh('git ls-files').output).toContain('packages/one/CHANGELOG.md');
});

it('goes on with a release that came apart while it was published', () => {
  tree.write('bin/broken', '');
  const { status, output } = release('y\n');
  expect(status).toBe(1);
  const [, commit] = /'Publish' ended with code 5. .* again, after `(.+)`, to publish the rest/.exec(output);
  sh(`rm bin/broken && ${commit}`);
  const again = release('y\n');
  expect(again.status).toBe(0);
  expect(published()).toHaveLength(1);
  expect(again.output).toMatch(/what was published:\n {2}npx changeset tag && git push --follow-tags\n/);
});

it('does not begin while something is not committed', () => {
  tree.write('packages/one/notes.txt', '');
  expect(release('y\n')).toMatchObject({
    status: 1,
    output: expect.stringContaining('?? packages/one/notes.txt'),
  });
});
