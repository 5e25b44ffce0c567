// Tests of the built-in actions beside those that fetch, and of what all of them tell about themselves.
import { mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Entity } from '@backstage/catalog-model';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { createActionBench, readFiles, writeFiles } from '../testing/createActionBench';
import type { ActionEnvironment } from './createBuiltinActions';

const entity = (kind: string, name: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name },
});
const asked: unknown[] = [];
/** A catalog as its service has it; the real one is in the tests of the whole backend. */
const catalog: ActionEnvironment['catalog'] = {
  async getEntitiesByRefs({ entityRefs }, options) {
    asked.push({ entityRefs, options });
    return {
      items: entityRefs.map(ref => (ref.endsWith('/digital') ? entity('Group', 'digital') : undefined)),
    };
  },
  async addLocation(location, options) {
    asked.push({ location, options });
    if (location.target.includes('missing')) throw new Error('nothing there');
    return {
      entities: [entity('API', 'a'), entity('Component', 'c')],
      location: { id: '1', type: 'url', target: location.target, entityRef: 'location:default/1' },
    };
  },
};

let bench: ReturnType<typeof createActionBench>;
beforeEach(() => {
  asked.length = 0;
  bench = createActionBench({ catalog });
});
afterEach(() => bench.close());

describe('all of them', () => {
  it('are there', () => {
    expect(bench.registry.list().map(({ id }) => id)).toEqual([
      'catalog:fetch', 'catalog:register', 'catalog:write', 'debug:log', 'debug:wait', 'fetch:plain', 'fetch:plain:file',
      'fetch:template', 'fetch:template:file', 'fs:delete', 'fs:readdir', 'fs:rename',
      'workspace:template', 'workspace:template:file',
    ]); // prettier-ignore
  });

  it('have descriptions, schemas, and examples whose input fits', () => {
    for (const { id, description, schema, examples } of bench.registry.list()) {
      expect({ id, described: description!.length > 10, examples: examples!.length > 0 }).toEqual({
        id,
        described: true,
        examples: true,
      });
      const validate = new Ajv({ strict: false, allErrors: true }).compile(schema!.input!);
      for (const { example } of examples!) {
        const { steps } = parse(example) as {
          steps: Array<{ id: string; name: string; action: string; input: unknown }>;
        };
        for (const step of steps) {
          expect({ ...step, problems: validate(step.input) || validate.errors }).toMatchObject({
            action: id,
            id: expect.any(String),
            name: expect.any(String),
            problems: true,
          });
        }
      }
      expect(validate({ misspelt: 1 })).toBe(false);
    }
  });

  it('can be registered once', () => {
    expect(() => bench.registry.register(bench.registry.get('fs:delete'))).toThrow(
      /'fs:delete' is registered twice/,
    );
    expect(() => bench.registry.get('fs:nothing')).toThrow(/no action 'fs:nothing'/);
  });

  it('support dry runs', () => {
    for (const { id } of bench.registry.list())
      expect([id, bench.registry.get(id).supportsDryRun]).toEqual([id, true]);
  });
});

describe('fs', () => {
  beforeEach(() => {
    writeFiles(bench.workspace, { 'a.txt': 'a', 'b/c.tmp': 'c', 'b/d.txt': 'd', 'e.tmp': 'e' });
    writeFiles(bench.folder, { 'outside/secret': 's' });
    symlinkSync(join(bench.folder, 'outside'), join(bench.workspace, 'link'));
  });

  it('deletes files, folders and what globs match, and nothing outside', async () => {
    await bench.run('fs:delete', { files: ['**/*.tmp', 'a.txt', 'not-there'] });
    expect(readFiles(bench.workspace)).toEqual({ 'b/d.txt': 'd' });
    await bench.run('fs:delete', { files: ['b'] });
    expect(readFiles(bench.workspace)).toEqual({});
    for (const file of ['../outside', '..', '.', '', 'link/secret', 'link', '/etc/passwd']) {
      await expect(bench.run('fs:delete', { files: [file] })).rejects.toMatchObject({
        name: 'NotAllowedError',
      });
    }
    await bench.run('fs:delete', { files: ['**', '../*'] }).catch(() => {});
    expect(readFiles(join(bench.folder, 'outside'))).toEqual({ secret: 's' });
  });

  it('deletes no folder because a glob matches its name', async () => {
    await bench.run('fs:delete', { files: ['*', 'b/*.tmp'] });
    expect(readFiles(bench.workspace)).toEqual({ 'b/d.txt': 'd' });
  });

  it('renames, replaces where asked, and nothing outside', async () => {
    await bench.run('fs:rename', {
      files: [
        { from: 'a.txt', to: 'new/a.md' },
        { from: 'b', to: 'B' },
        { from: 'e.tmp', to: 'E.tmp', overwrite: true },
        { from: 'E.tmp', to: 'e.tmp' },
      ],
    });
    expect(readFiles(bench.workspace)).toEqual({
      'B/c.tmp': 'c',
      'B/d.txt': 'd',
      'e.tmp': 'e',
      'new/a.md': 'a',
    });
    const onto = { from: 'e.tmp', to: 'new/a.md' };
    await expect(bench.run('fs:rename', { files: [onto] })).rejects.toMatchObject({ name: 'ConflictError' });
    await bench.run('fs:rename', { files: [{ ...onto, overwrite: true }] });
    await bench.run('fs:rename', { files: [{ from: 'new', to: 'B', overwrite: true }] });
    expect(readFiles(bench.workspace)).toEqual({ 'B/a.md': 'e', 'B/c.tmp': 'c', 'B/d.txt': 'd' });
    await expect(bench.run('fs:rename', { files: [{ from: 'x', to: 'y' }] })).rejects.toMatchObject({
      name: 'NotFoundError',
    });
    for (const [from, to] of [
      ['B', '../B'],
      ['../outside', 'in'],
      ['link/secret', 'in'],
      ['B/a.md', 'link/a'],
    ] as const) {
      await expect(bench.run('fs:rename', { files: [{ from, to }] })).rejects.toMatchObject({
        name: 'NotAllowedError',
      });
    }
  });

  it('puts a part of a folder in its place, and loses nothing where a folder can not go into itself', async () => {
    const overwrite = true;
    await bench.run('fs:rename', { files: [{ from: 'b/d.txt', to: 'b', overwrite }] });
    expect(readFiles(bench.workspace)).toMatchObject({ b: 'd' });
    writeFiles(bench.workspace, { 'f/g/h.txt': 'h', 'f/i.txt': 'i' });
    await bench.run('fs:rename', { files: [{ from: 'f/g', to: 'f', overwrite }] });
    const before = readFiles(bench.workspace);
    expect(before).toMatchObject({ 'f/h.txt': 'h', 'f/i.txt': 'i' });
    for (const to of ['f/new', 'f/i.txt', 'f/new/deep']) {
      await expect(bench.run('fs:rename', { files: [{ from: 'f', to, overwrite }] })).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining(`'f' can't be moved`),
      });
    }
    expect(readFiles(bench.workspace)).toEqual(before);
  });

  it('takes a folder apart that has one of its own name in it, into the folder around it or into the workspace', async () => {
    for (const [from, to] of [
      ['site', '.'],
      ['around/site', 'around'],
    ] as const) {
      writeFiles(bench.workspace, { [`${from}/site/page.md`]: 'p', [`${from}/run.sh`]: 'r' });
      await bench.run('fs:rename', { files: [{ from, to, overwrite: true }] });
      const files = readFiles(join(bench.workspace, to));
      expect(files).toMatchObject({ 'site/page.md': 'p', 'run.sh': 'r' });
    }
    expect(Object.keys(readFiles(bench.workspace)).filter(path => path.startsWith('.'))).toEqual([]);
  });

  it('leaves everything where it is where a file stands for a folder, or is to stand for the workspace', async () => {
    writeFiles(bench.workspace, { 'f/a.txt/x': 'x', 'g/a.txt': 'y' });
    const before = readFiles(bench.workspace);
    for (const [from, to] of [
      ['g', 'f'],
      ['a.txt', '.'],
    ]) {
      const renamed = bench.run('fs:rename', { files: [{ from, to, overwrite: true } as never] });
      await expect(renamed).rejects.toThrow(/overwrite|A file can't take the place of the workspace/);
      expect(readFiles(bench.workspace)).toEqual(before);
    }
  });

  it('reads folders, and nothing outside', async () => {
    expect(await bench.run('fs:readdir', { paths: ['.'] })).toEqual({
      files: ['a.txt', 'e.tmp', 'link'].map(name => ({ name, path: name, fullPath: name })),
      folders: [{ name: 'b', path: 'b', fullPath: 'b' }],
    });
    expect(await bench.run('fs:readdir', { paths: ['b'], recursive: true })).toEqual({
      files: [
        { name: 'c.tmp', path: 'b/c.tmp', fullPath: 'b/c.tmp' },
        { name: 'd.txt', path: 'b/d.txt', fullPath: 'b/d.txt' },
      ],
      folders: [],
    });
    for (const path of ['..', 'link', '/']) {
      await expect(bench.run('fs:readdir', { paths: [path] })).rejects.toMatchObject({
        name: 'NotAllowedError',
      });
    }
    for (const path of ['not-there', 'a.txt']) {
      await expect(bench.run('fs:readdir', { paths: [path] })).rejects.toThrow(
        `There is no folder '${path}'`,
      );
    }
    expect(readlinkSync(join(bench.workspace, 'link'))).toContain('outside');
  });

  it('stops when the task is cancelled', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    for (const [id, input] of [
      ['fs:delete', { files: ['a.txt'] }],
      ['fs:rename', { files: [{ from: 'a.txt', to: 'x' }] }],
      ['fs:readdir', { paths: ['.'] }],
    ] as const) {
      await expect(bench.run(id, input as never, { signal })).rejects.toThrow('cancelled');
    }
    expect(readFiles(bench.workspace)['a.txt']).toBe('a');
  });
});

describe('debug', () => {
  it('logs messages and the workspace', async () => {
    writeFiles(bench.workspace, { 'a/b.txt': 'inside', 'p.png': Buffer.from([0, 1]) });
    await bench.run('debug:log', { message: 'Curtain up', listWorkspace: true });
    await bench.run('debug:log', { listWorkspace: 'with-contents' });
    await bench.run('debug:log', {});
    expect(bench.log).toEqual([
      'Curtain up',
      'Workspace:\n  - a/b.txt\n  - p.png',
      'Workspace:\n  - a/b.txt\ninside\n\n  - p.png\n(no text)\n',
    ]);
  });

  it('reads no more files than the log has room for', async () => {
    for (let file = 0; file < 5; file++) writeFiles(bench.workspace, { [`${file}.txt`]: 'x'.repeat(20_000) });
    await bench.run('debug:log', { listWorkspace: 'with-contents' });
    expect(bench.log[0]!.split('\n').filter(line => line.startsWith('  - '))).toEqual([
      '  - 0.txt',
      '  - 1.txt',
      '  - 2.txt',
    ]);
  });

  it('waits, not too long, not in dry runs, and not for a cancelled task', async () => {
    await bench.run('debug:wait', { milliseconds: 5 });
    await bench.run('debug:wait', { minutes: 9, seconds: 60 }, { isDryRun: true });
    expect(bench.log).toEqual(['Waiting for 0.005 seconds', 'Would wait for 600 seconds']);
    await expect(bench.run('debug:wait', { minutes: 10, milliseconds: 1 })).rejects.toThrow(
      /10 minutes are the most/,
    );
    const controller = new AbortController();
    const waiting = bench.run('debug:wait', { minutes: 5 }, { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('catalog', () => {
  it('writes an entity with the template that it was made from', async () => {
    const written = {
      ...entity('Component', 'c'),
      metadata: { name: 'c', annotations: { a: 'b' } },
      spec: { text: 'a: "b"' },
    };
    await bench.run('catalog:write', { entity: written as never, filePath: 'sub/info.yaml' });
    expect(parse(readFiles(bench.workspace)['sub/info.yaml']!)).toEqual({
      ...written,
      metadata: {
        name: 'c',
        annotations: { a: 'b', 'backstage.io/source-template': 'template:default/test' },
      },
    });
    await bench.run('catalog:write', { entity: written as never });
    expect(Object.keys(readFiles(bench.workspace))).toContain('catalog-info.yaml');
    mkdirSync(join(bench.folder, 'x'));
    await expect(bench.run('catalog:write', { entity: {}, filePath: '../x/y' })).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
  });

  it('registers a file, on behalf of whoever created the task', async () => {
    const repoContentsUrl = 'https://git.example.com/acme/site/browse/?at=main';
    const outputs = await bench.run('catalog:register', {
      repoContentsUrl,
      catalogInfoPath: '/sub/info.yaml',
    });
    const target = 'https://git.example.com/acme/site/browse/sub/info.yaml?at=main';
    expect(outputs).toEqual({ catalogInfoUrl: target, entityRef: 'component:default/c' });
    const options = { credentials: { principal: 'tester' } };
    expect(asked).toEqual([
      { location: { type: 'url', target, dryRun: true }, options },
      { location: { type: 'url', target }, options },
    ]);
    asked.length = 0;
    expect(await bench.run('catalog:register', { catalogInfoUrl: target }, { isDryRun: true })).toEqual({
      catalogInfoUrl: target,
    });
    expect(asked).toEqual([]);
  });

  it('registers a file at Azure, where its path is in the query', async () => {
    const url = 'https://dev.azure.com/acme/site/_git/web';
    for (const repoContentsUrl of [url, `${url}?path=/`]) {
      const outputs = await bench.run('catalog:register', {
        repoContentsUrl,
        catalogInfoPath: 'sub/info.yaml',
      });
      expect(outputs).toMatchObject({ catalogInfoUrl: `${url}?path=%2Fsub%2Finfo.yaml` });
    }
  });

  it('says that a text is no URL', async () => {
    await expect(
      bench.run('catalog:register', { repoContentsUrl: 'github.com/acme/site' }),
    ).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/^'github\.com\/acme\/site' is not a URL\. /),
    });
  });

  it('fails where the catalog refuses, unless that is optional', async () => {
    const catalogInfoUrl = 'https://x/missing.yaml';
    await expect(bench.run('catalog:register', { catalogInfoUrl })).rejects.toThrow('nothing there');
    expect(await bench.run('catalog:register', { catalogInfoUrl, optional: true })).toEqual({
      catalogInfoUrl,
    });
    expect(bench.log.at(-1)).toMatch(/did not take .*optional: nothing there/);
  });

  it('fetches entities', async () => {
    expect(await bench.run('catalog:fetch', { entityRef: 'group:default/digital' })).toEqual({
      entity: entity('Group', 'digital'),
    });
    const many = { entityRefs: ['digital', 'nobody'], defaultKind: 'group', defaultNamespace: 'default' };
    await expect(bench.run('catalog:fetch', many)).rejects.toThrow('The catalog has no group:default/nobody');
    expect(await bench.run('catalog:fetch', { ...many, optional: true })).toEqual({
      entities: [entity('Group', 'digital'), null],
    });
    await expect(bench.run('catalog:fetch', {})).rejects.toThrow('Give entityRef or entityRefs');
    expect(await bench.run('catalog:fetch', { entityRefs: [] })).toEqual({ entities: [] });
  });
});
