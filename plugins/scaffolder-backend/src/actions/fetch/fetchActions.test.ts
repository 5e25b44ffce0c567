// Tests of the actions that fetch: from beside a template and over HTTP, as they are and rendered, and never elsewhere.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createActionBench, readFiles, writeFiles } from '../../testing/createActionBench';

let server: Server;
let archive: Buffer = Buffer.alloc(0);
let host: string;
/** What was asked for, each with the credentials that came along. */
const asked: Array<[url: string | undefined, authorization: string | undefined]> = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push([request.url, request.headers.authorization]);
    if (request.url === '/slow.txt') return;
    const body = request.url!.includes('.tar.gz')
      ? archive
      : `content of ${request.url} for \${{ values.name }}`;
    response.end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

let bench: ReturnType<typeof createActionBench>;
let template: string;
let baseUrl: string;
beforeEach(() => {
  asked.length = 0;
  bench = createActionBench({ config: { backend: { reading: { allow: [{ host }] } } } });
  template = join(bench.folder, 'template');
  mkdirSync(template);
  baseUrl = pathToFileURL(join(template, 'template.yaml')).toString();
});
afterEach(() => bench.close());

const binary = Buffer.from([0x89, 0x50, 0x00, 0x24, 0x7b, 0x7b, 0xff]);

describe('fetch:plain', () => {
  it('copies a folder beside the template as it is, without repositories', async () => {
    writeFiles(template, {
      'skeleton/a.txt': '${{ values.x }}',
      'skeleton/.b/c': 'c',
      'skeleton/.git/config': '',
      'skeleton/empty': null,
    });
    writeFiles(bench.workspace, { 'to/a.txt': 'replaced', 'to/z.txt': 'kept' });
    await bench.run('fetch:plain', { url: './skeleton', targetPath: 'to' }, { baseUrl });
    expect(readFiles(bench.workspace)).toEqual({
      'to/.b/c': 'c',
      'to/a.txt': '${{ values.x }}',
      'to/z.txt': 'kept',
    });
    expect(statSync(join(bench.workspace, 'to/empty')).isDirectory()).toBe(true);
  });

  it('copies a tree from a URL, and relative to the URL of a template', async () => {
    writeFiles(bench.folder, { 'tree/a.txt': 'A', 'tree/b/c.txt': 'C' });
    archive = execFileSync('tar', ['-C', join(bench.folder, 'tree'), '-cz', '.']);
    await bench.run('fetch:plain', { url: `http://${host}/x/tree.tar.gz` });
    await bench.run(
      'fetch:plain',
      { url: './tree.tar.gz', targetPath: 'again' },
      { baseUrl: `http://${host}/x/template.yaml` },
    );
    expect(readFiles(bench.workspace)).toEqual({
      'a.txt': 'A',
      'b/c.txt': 'C',
      'again/a.txt': 'A',
      'again/b/c.txt': 'C',
    });
  });

  it('reads from the branch in the URL of the template, and with the token that it is given', async () => {
    writeFiles(bench.folder, { 'tree/a.txt': 'A' });
    archive = execFileSync('tar', ['-C', join(bench.folder, 'tree'), '-cz', '.']);
    const place = { baseUrl: `http://${host}/x/template.yaml?at=main` };
    await bench.run('fetch:plain', { url: './tree.tar.gz', token: 't' }, place);
    await bench.run('fetch:plain:file', { url: '../b.txt', targetPath: 'b.txt', token: 't' }, place);
    await bench.run('fetch:plain:file', { url: './c.txt?at=v1', targetPath: 'c.txt' }, place);
    await bench.run('fetch:template', { url: './tree.tar.gz', targetPath: 'made', token: 'u' }, place);
    expect(asked).toEqual([
      ['/x/tree.tar.gz?at=main', 'Bearer t'],
      ['/b.txt?at=main', 'Bearer t'],
      ['/x/c.txt?at=v1', undefined],
      ['/x/tree.tar.gz?at=main', 'Bearer u'],
    ]);
    expect(Object.keys(readFiles(bench.workspace)).sort()).toEqual(['a.txt', 'b.txt', 'c.txt', 'made/a.txt']);
  });

  it.each(['../outside', '/etc', '..', 'sub/../../outside'])('writes nothing to %s', async targetPath => {
    writeFiles(template, { 'skeleton/a.txt': 'a' });
    const fetched = bench.run('fetch:plain', { url: './skeleton', targetPath }, { baseUrl });
    await expect(fetched).rejects.toMatchObject({ name: 'NotAllowedError' });
  });

  it.each(['file', 'folder/file'])('writes %s not through a link that has been moved', async path => {
    writeFiles(bench.folder, { file: 'kept', 'folder/file': 'kept' });
    writeFiles(template, { 'links/deep/er/x': '', [`more/${path}`]: 'written' });
    const name = path.split('/')[0]!;
    symlinkSync(`../../${name}`, join(template, 'links/deep/er', name));
    await bench.run('fetch:plain', { url: './links' }, { baseUrl });
    await bench.run('fs:rename', { files: [{ from: `deep/er/${name}`, to: `top/${name}` }] });
    const fetched = bench.run('fetch:plain', { url: './more', targetPath: 'top' }, { baseUrl });
    await expect(fetched).rejects.toThrow(/link/);
    expect(readFileSync(join(bench.folder, path), 'utf8')).toBe('kept');
  });

  it.each(['../secret', 'link', 'skeleton/../../secret'])('reads nothing from %s', async url => {
    writeFiles(bench.folder, { 'secret/key': 'k' });
    symlinkSync(join(bench.folder, 'secret'), join(template, 'link'));
    await expect(bench.run('fetch:plain', { url }, { baseUrl })).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
    expect(readFiles(bench.workspace)).toEqual({});
  });

  it.each(['/etc', 'file:///etc', 'ftp://example.com/x', 'data:text/plain,x'])(
    'refuses the URL %s',
    async url => {
      await expect(bench.run('fetch:plain', { url }, { baseUrl })).rejects.toMatchObject({
        name: 'InputError',
      });
    },
  );

  it('refuses relative URLs of templates whose place is not known, hosts that are not allowed, and what is not there', async () => {
    await expect(bench.run('fetch:plain', { url: './skeleton' })).rejects.toThrow(
      /not known where the template lies/,
    );
    await expect(bench.run('fetch:plain', { url: 'http://127.0.0.2:1/x.tar.gz' })).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
    writeFiles(template, { LICENSE: 'Apache' });
    for (const [url, problem] of [
      ['./nothing', "There is no './nothing' beside the template"],
      ['LICENSE', "'LICENSE' is a file, and a folder is to be fetched"],
      ['../shared', "'../shared' leads out of the folder of the template"],
    ]) {
      for (const action of ['fetch:plain', 'fetch:template']) {
        await expect(bench.run(action, { url: url! }, { baseUrl })).rejects.toThrow(problem);
      }
    }
    const fetched = bench.run('fetch:plain:file', { url: './nothing', targetPath: 'x' }, { baseUrl });
    await expect(fetched).rejects.toThrow("There is no './nothing' beside the template");
  });

  it('keeps links that stay inside, and refuses those that do not', async () => {
    writeFiles(template, { 'skeleton/a.txt': 'a', 'skeleton/sub/b.txt': 'b' });
    symlinkSync('../a.txt', join(template, 'skeleton/sub/link'));
    await bench.run('fetch:plain', { url: './skeleton' }, { baseUrl });
    expect(readlinkSync(join(bench.workspace, 'sub/link'))).toBe('../a.txt');
    // Again over the same one, and over no other.
    await bench.run('fetch:plain', { url: './skeleton' }, { baseUrl });
    writeFiles(template, { 'other/sub/c.txt': 'c' });
    symlinkSync('c.txt', join(template, 'other/sub/link'));
    await expect(bench.run('fetch:plain', { url: './other' }, { baseUrl })).rejects.toMatchObject({
      code: 'EEXIST',
    });
    expect(readlinkSync(join(bench.workspace, 'sub/link'))).toBe('../a.txt');

    for (const destination of [
      '/etc/passwd',
      '../../secret',
      '../template.yaml',
      'sub/../../template.yaml',
      'loop/../..',
    ]) {
      const skeleton = join(template, `bad-${destination.length}`);
      writeFiles(skeleton, { 'sub/x': '' });
      symlinkSync('.', join(skeleton, 'loop'));
      symlinkSync(destination, join(skeleton, 'link'));
      const fetched = bench.run('fetch:plain', { url: `./bad-${destination.length}` }, { baseUrl });
      await expect(fetched).rejects.toThrow("The link 'link' leads out");
    }
  });

  it('takes no links and no paths that lead out from an archive', async () => {
    writeFiles(bench.folder, { 'tree/a.txt': 'A', 'outside.txt': 'O' });
    symlinkSync('/etc', join(bench.folder, 'tree', 'etc'));
    archive = execFileSync('tar', ['-C', join(bench.folder, 'tree'), '-cz', '.']);
    await bench.run('fetch:plain', { url: `http://${host}/tree.tar.gz` });
    expect([existsSync(join(bench.workspace, 'etc')), readFiles(bench.workspace)]).toEqual([
      false,
      { 'a.txt': 'A' },
    ]);
    archive = execFileSync('tar', ['-C', join(bench.folder, 'tree'), '-czP', '../outside.txt']);
    await expect(bench.run('fetch:plain', { url: `http://${host}/evil.tar.gz` })).rejects.toMatchObject({
      code: 'GR_ARCHIVE_INVALID',
    });
    expect(readFiles(bench.workspace)).toEqual({ 'a.txt': 'A' });
  });

  it('ends when the task is cancelled', async () => {
    const controller = new AbortController();
    server.once('request', () => controller.abort(new Error('cancelled')));
    const fetched = bench.run(
      'fetch:plain:file',
      { url: `http://${host}/slow.txt`, targetPath: 'x' },
      { signal: controller.signal },
    );
    await expect(fetched).rejects.toThrow();
    expect(controller.signal.aborted).toBe(true);
    await expect(
      bench.run('fetch:plain', { url: './x' }, { baseUrl, signal: controller.signal }),
    ).rejects.toThrow();
  });
});

it('fetch:plain:file copies one file, from beside the template and over HTTP', async () => {
  writeFiles(template, { LICENSE: 'Apache ${{ x }}' });
  await bench.run('fetch:plain:file', { url: './LICENSE', targetPath: 'legal/LICENSE' }, { baseUrl });
  await bench.run('fetch:plain:file', { url: `http://${host}/a.txt`, targetPath: 'a.txt' });
  expect(readFiles(bench.workspace)).toEqual({
    'a.txt': 'content of /a.txt for ${{ values.name }}',
    'legal/LICENSE': 'Apache ${{ x }}',
  });
  await expect(
    bench.run('fetch:plain:file', { url: './LICENSE', targetPath: '../x' }, { baseUrl }),
  ).rejects.toMatchObject({ name: 'NotAllowedError' });
  await expect(bench.run('fetch:plain:file', { url: '.', targetPath: 'x' }, { baseUrl })).rejects.toThrow(
    "'.' is a folder, and one file is to be fetched",
  );
});

describe('fetch:template', () => {
  const fetchTemplate = (input: object) =>
    bench.run('fetch:template', { url: './skeleton', ...input } as never, { baseUrl });

  it('renders contents and names; what is no text stays as it is, programs stay programs', async () => {
    writeFiles(template, {
      'skeleton/${{ values.name }}/index.js': 'export const name = ${{ values.name | dump }};\n',
      'skeleton/${{ "yes.txt" if values.wanted else "" }}': 'conditional',
      'skeleton/${{ "no.txt" if not values.wanted else "" }}': 'conditional',
      'skeleton/picture.png': binary,
      'skeleton/run.sh': '#!/bin/sh\necho ${{ values.name }}\n',
      'skeleton/plain.txt': 'plain\n',
      'skeleton/${{ values.name }}-empty': null,
    });
    chmodSync(join(template, 'skeleton/run.sh'), 0o755);
    symlinkSync('plain.txt', join(template, 'skeleton/${{ values.name }}.link'));
    await fetchTemplate({ targetPath: 'out', values: { name: 'seats', wanted: true } });
    const out = join(bench.workspace, 'out');
    const { 'picture.png': _picture, ...files } = readFiles(out);
    expect(files).toEqual({
      'plain.txt': 'plain\n',
      'run.sh': '#!/bin/sh\necho seats\n',
      'seats/index.js': 'export const name = "seats";\n',
      'yes.txt': 'conditional',
    });
    expect(readFileSync(join(out, 'picture.png'))).toEqual(binary);
    expect([
      statSync(join(out, 'run.sh')).mode & 0o111,
      statSync(join(out, 'plain.txt')).mode & 0o111,
    ]).toEqual([0o111, 0]);
    expect([readlinkSync(join(out, 'seats.link')), statSync(join(out, 'seats-empty')).isDirectory()]).toEqual(
      ['plain.txt', true],
    );
  });

  it('puts links in the place of what is to be replaced, and keeps what is not', async () => {
    writeFiles(template, { 'skeleton/a': 'A' });
    symlinkSync('a', join(template, 'skeleton/link'));
    symlinkSync('absent', join(template, 'skeleton/lost'));
    writeFiles(bench.workspace, { link: 'kept', lost: 'kept' });
    await fetchTemplate({});
    expect(readFiles(bench.workspace)).toMatchObject({ link: 'kept', lost: 'kept' });
    for (let round = 0; round < 2; round++) {
      await fetchTemplate({ replace: true });
      expect(['link', 'lost'].map(name => readlinkSync(join(bench.workspace, name)))).toEqual([
        'a',
        'absent',
      ]);
    }
    await fetchTemplate({});
    expect(readlinkSync(join(bench.workspace, 'lost'))).toBe('absent');
  });

  it('keeps files that are there, unless they are to be replaced', async () => {
    writeFiles(template, { 'skeleton/a.txt': 'new ${{ values.n }}', 'skeleton/b.txt': 'new' });
    writeFiles(bench.workspace, { 'a.txt': 'old' });
    await fetchTemplate({ values: { n: 1 } });
    expect(readFiles(bench.workspace)).toEqual({ 'a.txt': 'old', 'b.txt': 'new' });
    await fetchTemplate({ values: { n: 1 }, replace: true });
    expect(readFiles(bench.workspace)).toEqual({ 'a.txt': 'new 1', 'b.txt': 'new' });
  });

  it('keeps the first of two files that are given one name, unless the second is to replace it', async () => {
    writeFiles(template, { 'skeleton/${{ "a" }}.txt': 'first ${{ values.n }}', 'skeleton/a.txt': 'second' });
    chmodSync(join(template, 'skeleton/a.txt'), 0o755);
    await fetchTemplate({ values: { n: 1 } });
    expect(readFiles(bench.workspace)).toEqual({ 'a.txt': 'first 1' });
    expect(bench.log.at(-1)).toBe("Kept 'a.txt', which is there already");
    await fetchTemplate({ values: { n: 1 }, replace: true });
    expect(readFiles(bench.workspace)).toEqual({ 'a.txt': 'second' });
    expect(statSync(join(bench.workspace, 'a.txt')).mode & 0o777).toBe(0o755);
  });

  it('copies without templating what globs match', async () => {
    writeFiles(template, {
      'skeleton/.github/workflows/${{ values.n }}.yml': '${{ github.ref }}',
      'skeleton/a': '${{ values.n }}',
    });
    await fetchTemplate({ values: { n: 'ci' }, copyWithoutTemplating: ['.github/workflows/'] });
    await fetchTemplate({ values: { n: 'ci' }, copyWithoutRender: ['.github'], targetPath: 'raw' });
    await fetchTemplate({ values: { n: 'ci' }, copyWithoutTemplating: ['**/*.yml'], targetPath: 'all' });
    expect(readFiles(bench.workspace)).toEqual({
      '.github/workflows/ci.yml': '${{ github.ref }}',
      a: 'ci',
      'raw/.github/workflows/${{ values.n }}.yml': '${{ github.ref }}',
      'raw/a': 'ci',
      'all/.github/workflows/ci.yml': '${{ github.ref }}',
      'all/a': 'ci',
    });
  });

  it('takes files of one extension for templates', async () => {
    writeFiles(template, {
      'skeleton/${{ values.n }}.md.njk': '${{ values.n }}',
      'skeleton/b.md': '${{ values.n }}',
      'skeleton/c.tpl': '${{ values.n }}',
      'skeleton/folder.tpl/d.tpl': '${{ values.n }}',
    });
    await fetchTemplate({ values: { n: 1 }, templateFileExtension: true });
    await fetchTemplate({ values: { n: 1 }, templateFileExtension: '.tpl', targetPath: 'tpl' });
    await fetchTemplate({ values: { n: 1 }, templateFileExtension: '', targetPath: 'all' });
    expect(readFiles(bench.workspace)).toEqual({
      'all/1.md.njk': '1',
      'all/b.md': '1',
      'all/c.tpl': '1', // prettier-ignore
      'all/folder.tpl/d.tpl': '1',
      '1.md': '1',
      'b.md': '${{ values.n }}',
      'c.tpl': '${{ values.n }}', // prettier-ignore
      'folder.tpl/d.tpl': '${{ values.n }}',
      'tpl/1.md.njk': '${{ values.n }}',
      'tpl/b.md': '${{ values.n }}',
      'tpl/c': '1', // prettier-ignore
      'tpl/folder.tpl/d': '1',
    });
    expect(existsSync(join(bench.workspace, 'tpl/folder'))).toBe(false);
    await expect(
      fetchTemplate({ templateFileExtension: true, copyWithoutTemplating: ['*'] }),
    ).rejects.toThrow(/excludes/);
    await expect(fetchTemplate({ copyWithoutRender: ['*'], copyWithoutTemplating: ['*'] })).rejects.toThrow(
      /exclude each other/,
    );
  });

  it('understands skeletons of Cookiecutter, and trims blocks where asked', async () => {
    writeFiles(template, { 'skeleton/{{cookiecutter.name}}.txt': '{{ cookiecutter.name }} ${{ values.x }}' });
    writeFiles(template, { 'blocks/a.txt': '{% if values.x %}\nyes\n  {% endif %}\nend\n' });
    await fetchTemplate({ values: { name: 'seats' }, cookiecutterCompat: true });
    await fetchTemplate({ url: './blocks', values: { x: 1 }, trimBlocks: true, lstripBlocks: true });
    expect(readFiles(bench.workspace)).toEqual({
      'a.txt': 'yes\nend\n',
      'seats.txt': expect.stringMatching(/^seats \$/),
    });
  });

  it('names file and line of a template that is wrong', async () => {
    writeFiles(template, {
      'skeleton/fine.txt': '${{ 1 }}',
      'skeleton/sub/wrong.txt': 'a\nb\n${{ values.x | nothing }}\n',
    });
    await expect(fetchTemplate({ values: {} })).rejects.toThrow(
      /^The template at 'sub\/wrong\.txt', line 3, column \d+ can't be rendered/,
    );
  });

  it.each([['../evil'], ['./../evil'], ['a/../../../evil'], ['sub/link/evil']])(
    'makes no file of the name %s',
    async name => {
      writeFiles(template, { 'skeleton/${{ values.name }}': 'evil' });
      mkdirSync(join(bench.workspace, 'sub'));
      symlinkSync(bench.folder, join(bench.workspace, 'sub/link'));
      await expect(fetchTemplate({ values: { name } })).rejects.toMatchObject({ name: 'NotAllowedError' });
      expect(existsSync(join(bench.folder, 'evil'))).toBe(false);
    },
  );

  it('makes thousands of files', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [
        `skeleton/d${index % 50}/f${index}.txt`,
        'a ${{ values.name }}\n'.repeat(50),
      ]),
    );
    writeFiles(template, files);
    await fetchTemplate({ values: { name: 'seats' } });
    const made = Object.values(readFiles(bench.workspace));
    expect([made.length, new Set(made)]).toEqual([2_000, new Set(['a seats\n'.repeat(50)])]);
  });
});

it('fetch:template:file renders one file', async () => {
  writeFiles(template, { 'a.md': '# ${{ values.name }}', 'picture.png': binary });
  const input = { url: './a.md', targetPath: 'docs/a.md', values: { name: 'seats' } };
  await bench.run('fetch:template:file', input, { baseUrl });
  await bench.run('fetch:template:file', { ...input, values: { name: 'other' } }, { baseUrl });
  expect(readFiles(bench.workspace)).toEqual({ 'docs/a.md': '# seats' });
  await bench.run('fetch:template:file', { ...input, values: { name: 'other' }, replace: true }, { baseUrl });
  await bench.run('fetch:template:file', {
    url: `http://${host}/r`,
    targetPath: 'r',
    values: { name: 'you' },
  });
  expect(readFiles(bench.workspace)).toEqual({ 'docs/a.md': '# other', r: 'content of /r for you' });
  const picture = bench.run('fetch:template:file', { url: './picture.png', targetPath: 'p' }, { baseUrl });
  await expect(picture).rejects.toThrow(/not text in UTF-8/);
  expect(lstatSync(bench.workspace).isDirectory()).toBe(true);
});
