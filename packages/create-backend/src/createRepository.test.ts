// New repositories: what is written, and what is refused. That they start and pass their tests is proved by `npm run test:publish`.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CreateBackendError } from './CreateBackendError';
import { createRepository } from './createRepository';

const parent = mkdtempSync(join(tmpdir(), 'greenroom-create-'));
afterAll(() => rmSync(parent, { recursive: true }));

it.each([
  ['one backend', 'single', false, 'packages/backend/src/index.ts'],
  ['two backends with an environment', 'double', true, 'packages/environment/src/index.ts'],
])('makes %s', (_title, name, split, file) => {
  const folder = join(parent, name);

  const files = createRepository({ folder, split });

  expect(files).toEqual(expect.arrayContaining([file, '.gitignore', 'app-config.yaml', 'README.md']));
  expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name).toBe(name);
  const left = files.flatMap(each => readFileSync(join(folder, each), 'utf8').match(/\{\{\w+\}\}/g) ?? []);
  expect(new Set(left)).toEqual(new Set(split ? ['{{pluginId}}'] : []));
});

it.each([false, true])('runs where development dependencies are left out (split: %p)', split => {
  const folder = join(parent, `production-${split}`);
  createRepository({ folder, split });
  const { scripts, dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const programs = Object.keys(scripts).filter(name => name.startsWith(split ? 'start:' : 'start'));
  expect(programs).toHaveLength(split ? 2 : 1);
  for (const name of programs) expect(dependencies).toHaveProperty([scripts[name].split(' ')[0]]);
});

it.each([false, true])('runs the same in development as otherwise, but watched (split: %p)', split => {
  const folder = join(parent, `development-${split}`);
  createRepository({ folder, split });
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const started = Object.keys(scripts).filter(name => name.startsWith('start'));
  expect(started).toHaveLength(split ? 3 : 1);
  for (const name of started) {
    const inDevelopment = scripts[name]
      .replaceAll('start', 'dev')
      .replace(/^tsx/, 'tsx watch --clear-screen=false');
    expect(scripts[name.replace('start', 'dev')]).toBe(inDevelopment);
  }
});

it('checks each of two backends with the configuration that it is started with', () => {
  const folder = join(parent, 'checked');
  createRepository({ folder, split: true });
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const { scripts } = JSON.parse(read('package.json'));
  for (const name of ['notes', 'digest']) {
    const started = scripts[`start:${name}`].match(/app-config\S+/g);
    const [, environment] = /BACKSTAGE_ENV = '(\w+)'/.exec(
      read(`packages/backend-${name}/src/backend.test.ts`),
    )!;
    expect(['app-config.yaml', `app-config.${environment}.yaml`]).toEqual(started);
  }
});

it('knows what the code of the documentation uses', () => {
  const folder = join(parent, 'language');
  createRepository({ folder });
  const languageOf = (file: string) => JSON.parse(readFileSync(file, 'utf8')).compilerOptions.lib;
  expect(languageOf(join(folder, 'tsconfig.json'))).toEqual(
    languageOf(join(__dirname, '../../../tsconfig.base.json')),
  );
});

it('depends on the releases that it was released with', () => {
  const folder = join(parent, 'versions');
  createRepository({ folder });
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'packages/backend/package.json'), 'utf8'));
  const own = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8'));
  expect(dependencies['@greenroom/backend-defaults']).toBe(
    own.devDependencies['@greenroom/backend-defaults'],
  );
  // Release 13 does not run on Node 20, which knows Node-API 9.
  expect(dependencies['better-sqlite3']).toMatch(Number(process.versions.napi) < 10 ? /^\^12/ : /^\^13/);
});

it.each([false, true])(
  'is installed by pnpm as it is, which hides what a package does not name (split: %p)',
  split => {
    const folder = join(parent, `pnpm-${split}`);
    createRepository({ folder, split });
    const read = (file: string) => readFileSync(join(folder, file), 'utf8');
    expect(parse(read('pnpm-workspace.yaml'))).toMatchObject({
      packages: JSON.parse(read('package.json')).workspaces,
      linkWorkspacePackages: true,
      allowBuilds: { 'better-sqlite3': true },
    });
    // Its test starts it with a database.
    expect(JSON.parse(read('plugins/notes-backend/package.json')).devDependencies).toHaveProperty([
      'better-sqlite3',
    ]);
  },
);

it('touches no folder that holds something', () => {
  const folder = join(parent, 'mine');
  mkdirSync(folder);
  writeFileSync(join(folder, 'notes.txt'), '');
  expect(() => createRepository({ folder })).toThrow('is not empty. Name one that does not exist yet.');
  expect(existsSync(join(folder, 'package.json'))).toBe(false);
});

it('fills a repository that has no files yet', () => {
  const folder = join(parent, 'cloned');
  mkdirSync(join(folder, '.git'), { recursive: true });
  writeFileSync(join(folder, '.git', 'HEAD'), '{{name}}');
  // The Finder of macOS leaves it in every folder that it shows.
  writeFileSync(join(folder, '.DS_Store'), '');
  const files = createRepository({ folder });
  expect(files).not.toContain(join('.git', 'HEAD'));
  expect(readFileSync(join(folder, '.git', 'HEAD'), 'utf8')).toBe('{{name}}');
  expect(existsSync(join(folder, 'package.json'))).toBe(true);
});

it('says why a folder can not be made', () => {
  const file = join(parent, 'file');
  writeFileSync(file, '');
  expect(() => createRepository({ folder: file })).toThrow(CreateBackendError);
  expect(() => createRepository({ folder: join(file, 'inside') })).toThrow(
    /The folder .*inside can't be made: ENOTDIR.* Name one in a folder that you may write to\./,
  );
});

it.each(['My Backend', '_x', 'ä'])('refuses the name %p', name => {
  expect(() => createRepository({ folder: join(parent, name) })).toThrow("can't be the name of a repository");
});
