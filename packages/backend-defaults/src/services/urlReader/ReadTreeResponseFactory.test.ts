// Tests what comes out of archives, well-meant and not, in each form of an answer.
import { link as linkTo, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { makeTar, makeZip } from '../../testing/archives';
import { folderForEach } from '../../testing/folderForEach';
import {
  createReadTreeResponseFactory,
  type ReadTreeResponseFactorySettings,
} from './ReadTreeResponseFactory';

let workingDirectory: string;
folderForEach(folder => (workingDirectory = folder));

const made = (limits: Partial<ReadTreeResponseFactorySettings['limits']> = {}) =>
  createReadTreeResponseFactory({
    limits: { maxTreeSize: 1_000_000, maxTreeEntries: 100, ...limits },
    workingDirectory,
  });
// In pieces of one byte at first, as networks may do it.
const streamOf = (content: Buffer) =>
  Readable.from([content.subarray(0, 1), content.subarray(1)], { objectMode: false });

type Options = { subpath?: string; filter?: (path: string) => boolean; stripFirstDirectory?: boolean };
const tarTree = async (
  entries: Parameters<typeof makeTar>[0] | Buffer,
  { factory = made(), ...options }: Options & { factory?: ReturnType<typeof made> } = {},
) => {
  const content = Buffer.isBuffer(entries) ? entries : await makeTar(entries);
  return factory.fromTarArchive({ stream: streamOf(content), etag: 'e', ...options });
};
const zipTree = (
  entries: Parameters<typeof makeZip>[0] | Buffer,
  {
    factory = made(),
    ...options
  }: Omit<Options, 'stripFirstDirectory'> & { factory?: ReturnType<typeof made> } = {},
) => {
  const content = Buffer.isBuffer(entries) ? entries : makeZip(entries);
  return factory.fromZipArchive({ stream: streamOf(content), etag: 'e', ...options });
};
type Tree = Awaited<ReturnType<typeof tarTree>>;

async function contents(tree: Tree): Promise<Record<string, string>> {
  const files = await tree.files();
  const pairs = files.map(async ({ path, content }) => [path, String(await content())] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

const files = [
  { name: 'root/a.txt', content: 'a' },
  { name: 'root/docs/b.md', content: 'bb' },
  { name: 'root/docs/deep/c.md', content: 'ccc' },
  { name: 'root/docs2/d.md', content: 'd' },
];

describe.each([
  ['tar', (options: Options) => tarTree(files, { stripFirstDirectory: false, ...options })],
  ['zip', (options: Options) => zipTree(files, options)],
] as Array<[string, (options: Options) => Promise<Tree>]>)('%s', (_kind, read) => {
  it('gives all files', async () => {
    const tree = await read({});
    expect(tree.etag).toBe('e');
    expect(await contents(tree)).toEqual({
      'root/a.txt': 'a',
      'root/docs/b.md': 'bb',
      'root/docs/deep/c.md': 'ccc',
      'root/docs2/d.md': 'd',
    });
  });

  it('gives what is below a directory and passes the filter', async () => {
    const asked: Array<[string, number | undefined]> = [];
    const filter = (path: string, info?: { size: number }) => {
      asked.push([path, info?.size]);
      return path.startsWith('deep/');
    };
    expect(await contents(await read({ subpath: '/root/docs/', filter }))).toEqual({ 'deep/c.md': 'ccc' });
    expect(asked).toEqual([
      ['b.md', 2],
      ['deep/c.md', 3],
    ]);
  });

  it('writes a directory', async () => {
    const directory = await (await read({ subpath: 'root' })).dir();
    expect(directory.startsWith(workingDirectory)).toBe(true);
    expect((await readdir(directory, { recursive: true })).sort()).toEqual(
      ['a.txt', 'docs', 'docs/b.md', 'docs/deep', 'docs/deep/c.md', 'docs2', 'docs2/d.md'].map(path =>
        join(path),
      ),
    );
    expect(await readFile(join(directory, 'docs/deep/c.md'), 'utf8')).toBe('ccc');
    // Nothing else is left behind, such as what a zip archive is kept in while it is read.
    expect(await readdir(workingDirectory)).toHaveLength(1);
  });

  it('writes where it is told to', async () => {
    const targetDir = join(workingDirectory, 'mine');
    expect(await (await read({ subpath: 'root/docs2' })).dir({ targetDir })).toBe(targetDir);
    expect(await readFile(join(targetDir, 'd.md'), 'utf8')).toBe('d');
  });

  it('makes an archive that can be read again', async () => {
    const archive = await (await read({ subpath: 'root/docs' })).archive();
    const again = await made().fromTarArchive({
      stream: archive as Readable,
      etag: '',
      stripFirstDirectory: false,
    });
    expect(await contents(again)).toEqual({ 'b.md': 'bb', 'deep/c.md': 'ccc' });
  });

  it('can be used once', async () => {
    const tree = await read({});
    await tree.files();
    await expect(tree.dir()).rejects.toThrow('The tree has been read already');
  });
});

describe('tar', () => {
  it('leaves the first directory out by default, and need not be compressed', async () => {
    const plain = await makeTar(files, { gzip: false });
    expect(await contents(await tarTree(plain, { subpath: 'docs' }))).toEqual({
      'b.md': 'bb',
      'deep/c.md': 'ccc',
    });
  });

  it('keeps whether a file is executable, and no other rights', async () => {
    const tree = await tarTree([
      { name: 'r/run.sh', mode: 0o4777 },
      { name: 'r/text', mode: 0o666 },
    ]);
    const directory = await tree.dir();
    expect((await stat(join(directory, 'run.sh'))).mode & 0o7133).toBe(0o111);
    expect((await stat(join(directory, 'text'))).mode & 0o7133).toBe(0);
  });

  it('reads long names and dates', async () => {
    const name = `r/${'long/'.repeat(60)}file`;
    const mtime = new Date('2024-02-29T12:00:00Z');
    const [file] = await (await tarTree([{ name, content: 'x', mtime }])).files();
    expect(file).toMatchObject({ path: name.slice(2), lastModifiedAt: mtime });
  });

  it('writes nothing but files: links and devices are left out', async () => {
    const tree = await tarTree([
      { name: 'r/link', type: 'symlink', linkname: '/etc' },
      { name: 'r/link/passwd', content: 'not through the link' },
      { name: 'r/hard', type: 'link', linkname: '/etc/passwd' },
      { name: 'r/pipe', type: 'fifo' },
      { name: 'r/device', type: 'character-device', devmajor: 1, devminor: 3 },
      { name: 'r/dir', type: 'directory' },
      { name: 'r/file', content: 'kept' },
    ]);
    const directory = await tree.dir();
    expect((await readdir(directory, { recursive: true })).sort()).toEqual(['file', 'link', 'link/passwd']);
    expect((await stat(join(directory, 'link'))).isDirectory()).toBe(true);
  });

  it.each(['../evil', 'r/../../evil', '/evil', 'r/a\\..\\..\\evil', 'C:/evil', '\\\\host\\evil'])(
    'refuses the name %s, and leaves nothing behind',
    async name => {
      const entries = [
        { name: 'r/good', content: 'g' },
        { name, content: 'bad' },
      ];
      await expect((await tarTree(entries)).dir()).rejects.toMatchObject({ code: 'GR_ARCHIVE_INVALID' });
      expect(await readdir(workingDirectory)).toEqual([]);
      await expect((await tarTree(entries)).files()).rejects.toThrow('leads out of the archive');
      const archive = await (await tarTree(entries)).archive();
      await expect((archive as Readable).resume().toArray()).rejects.toThrow('leads out of the archive');
    },
  );

  it('refuses a file that is a directory as well', async () => {
    const entries = [
      { name: 'r/a', content: 'x' },
      { name: 'r/a/b', content: 'y' },
    ];
    await expect((await tarTree(entries)).dir()).rejects.toThrow('a file and a directory of one name');
  });

  it('writes many files at once, and large ones', async () => {
    const small = Array.from({ length: 60 }, (_, index) => ({
      name: `r/d${index % 3}/${index}`,
      content: `${index}`,
    }));
    const large = { name: 'r/large', content: 'x'.repeat(600_000) };
    const directory = await (await tarTree([...small.slice(0, 30), large, ...small.slice(30)])).dir();
    for (const { name, content } of [...small, large]) {
      expect(await readFile(join(directory, name.slice(2)), 'utf8')).toBe(content);
    }
  });

  it('takes the later one of two files of one name', async () => {
    const entries = [
      { name: 'r/a', content: 'first, and longer' },
      { name: 'r/a', content: 'second' },
    ];
    expect(await readFile(join(await (await tarTree(entries)).dir(), 'a'), 'utf8')).toBe('second');
  });

  it('writes no file into another one, where the file system knows a name in either letter case', async () => {
    const targetDir = join(workingDirectory, 'either');
    await mkdir(targetDir);
    await writeFile(join(targetDir, 'README.md'), '');
    // One file, as there.
    await linkTo(join(targetDir, 'README.md'), join(targetDir, 'readme.md')).catch(() => {});
    const entries = [
      { name: 'r/README.md', content: 'a'.repeat(200_000) },
      { name: 'r/readme.md', content: 'second' },
    ];
    await (await tarTree(entries)).dir({ targetDir });
    expect(await readFile(join(targetDir, 'readme.md'), 'utf8')).toBe('second');
  });

  it('tells that it can not write', async () => {
    const targetDir = join(workingDirectory, 'taken');
    await writeFile(targetDir, 'a file');
    await expect((await tarTree(files)).dir({ targetDir })).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(targetDir, 'utf8')).toBe('a file');
  });

  it.each([
    ['a directory', 'r/link/evil', 'link', 'evil'],
    ['a directory that goes deeper', 'r/link/deep/evil', 'link', 'evil'],
    ['a file', 'r/link', 'link', 'evil'],
    ['a large file', 'r/link', 'link', 'e'.repeat(300_000)],
  ])('does not follow links that were there before: %s', async (_what, name, link, content) => {
    const targetDir = join(workingDirectory, 'mine');
    const outside = join(workingDirectory, 'outside');
    await mkdir(targetDir);
    await mkdir(outside);
    await writeFile(join(outside, 'file'), 'kept');
    await symlink(name === `r/${link}` ? join(outside, 'file') : outside, join(targetDir, link));
    const tree = await tarTree([
      { name: 'r/good', content: 'g' },
      { name, content },
    ]);
    await expect(tree.dir({ targetDir })).rejects.toMatchObject({
      code: 'GR_ARCHIVE_INVALID',
      message: expect.stringContaining('it would be written through the link "link"'),
    });
    expect(await readdir(outside)).toEqual(['file']);
    expect(await readFile(join(outside, 'file'), 'utf8')).toBe('kept');
    // A directory that was there is not removed with what could not be written to it.
    expect(await readdir(targetDir)).toContain(link);
  });

  it('writes to a directory that is reached by a link, over what is there', async () => {
    const behind = join(workingDirectory, 'behind');
    await mkdir(join(behind, 'docs'), { recursive: true });
    await writeFile(join(behind, 'docs', 'b.md'), 'old, and longer');
    await symlink(behind, join(workingDirectory, 'mine'));
    await (await tarTree(files)).dir({ targetDir: join(workingDirectory, 'mine') });
    expect(await readFile(join(behind, 'docs', 'b.md'), 'utf8')).toBe('bb');
    expect(await readFile(join(behind, 'docs', 'deep', 'c.md'), 'utf8')).toBe('ccc');
  });

  it('ends a bomb when it is larger than the limit, although it is skipped', async () => {
    const entries = [{ name: 'r/big', content: '0'.repeat(200_000) }];
    const tree = await tarTree(entries, { factory: made({ maxTreeSize: 100_000 }), filter: () => false });
    await expect(tree.files()).rejects.toThrow(
      'The unpacked archive is larger than the limit of 100000 bytes. Raise backend.reading.maxTreeSize',
    );
  });

  it('ends too many entries', async () => {
    const tree = await tarTree(files, { factory: made({ maxTreeEntries: 3 }) });
    await expect(tree.files()).rejects.toThrow(
      'The number of entries of the archive is larger than the limit of 3.',
    );
  });

  it.each([
    ['no archive', async () => Buffer.from('this is not an archive'.repeat(100)), 'it is damaged'],
    ['nothing', async () => Buffer.alloc(0), 'it is empty'],
    ['half of a compressed one', async () => (await makeTar(files)).subarray(0, 100), 'it is damaged'],
    [
      'half of a plain one',
      async () => (await makeTar(files, { gzip: false })).subarray(0, 700),
      'it is damaged',
    ],
    [
      'one that ends within a file',
      async () =>
        (await makeTar([{ name: 'r/a', content: 'x'.repeat(5_000) }], { gzip: false })).subarray(0, 3_000),
      'it is damaged',
    ],
    [
      'one without its end',
      async () => (await makeTar(files, { gzip: false })).subarray(0, -1_024),
      'it is damaged',
    ],
  ])('tells %s', async (_what, content, message) => {
    const tree = await tarTree(await content());
    await expect(tree.files()).rejects.toThrow(`The archive can't be used: ${message}`);
  });

  it('passes on why its source failed', async () => {
    const content = await makeTar([{ name: 'r/a', content: 'x'.repeat(5_000) }], { gzip: false });
    const source = Readable.from(
      (function* pieces() {
        yield content.subarray(0, 2_000);
        throw new Error('cut off');
      })(),
      { objectMode: false },
    );
    const tree = await made().fromTarArchive({ stream: source, etag: '' });
    await expect(tree.files()).rejects.toThrow('cut off');
  });
});

describe('zip', () => {
  it('writes nothing but files', async () => {
    const tree = await zipTree([
      { name: 'link', content: '/etc/passwd', mode: 0o120777 },
      { name: 'dir/' },
      { name: 'run.sh', content: 'x', mode: 0o100755 },
    ]);
    const directory = await tree.dir();
    expect(await readdir(directory)).toEqual(['run.sh']);
    expect((await stat(join(directory, 'run.sh'))).mode & 0o111).not.toBe(0);
  });

  it.each(['../evil', 'a/../../evil', '/evil', 'a\\..\\..\\evil', 'C:/evil'])(
    'refuses the name %s',
    async name => {
      const entries = [
        { name: 'good', content: 'g' },
        { name, content: 'bad' },
      ];
      await expect((await zipTree(entries)).dir()).rejects.toMatchObject({ code: 'GR_ARCHIVE_INVALID' });
      expect(await readdir(workingDirectory)).toEqual([]);
    },
  );

  it('ends what is too large or too much', async () => {
    const large = await zipTree(files, { factory: made({ maxTreeSize: 4 }) });
    await expect(large.files()).rejects.toMatchObject({ code: 'GR_URL_TOO_LARGE' });
    const many = await zipTree(files, { factory: made({ maxTreeEntries: 3 }) });
    await expect(many.files()).rejects.toMatchObject({ code: 'GR_URL_TOO_LARGE' });
  });

  it('tells what lies about its size, or is no archive', async () => {
    const liar = await zipTree([{ name: 'a', content: 'x'.repeat(100), claimedSize: 1 }]);
    await expect(liar.files()).rejects.toMatchObject({ code: 'GR_ARCHIVE_INVALID' });
    const damaged = await zipTree(Buffer.from('this is not an archive'));
    await expect(damaged.files()).rejects.toMatchObject({ code: 'GR_ARCHIVE_INVALID' });
    expect(await readdir(workingDirectory)).toEqual([]);
  });
});

describe('other sources', () => {
  it('takes an answer of fetch, with its etag', async () => {
    const headers = { etag: '"1"' };
    const response = new Response(new Uint8Array(await makeTar(files)), { headers });
    const tree = await made().fromTarArchive({ response, subpath: 'docs2' });
    expect(tree.etag).toBe('"1"');
    expect(await contents(tree)).toEqual({ 'd.md': 'd' });
  });

  it('takes single files, under the same checks', async () => {
    const tree = await made().fromReadableArray([
      { path: 'a/b.txt', data: Readable.from(['b']), lastModifiedAt: new Date(0) },
      { path: 'c.txt', data: Readable.from([Buffer.from('c')]) },
    ]);
    expect(await contents(tree)).toEqual({ 'a/b.txt': 'b', 'c.txt': 'c' });
    const evil = await made().fromReadableArray([{ path: '../evil', data: Readable.from(['x']) }]);
    await expect(evil.dir()).rejects.toMatchObject({ code: 'GR_ARCHIVE_INVALID' });
    const large = await made({ maxTreeSize: 1 }).fromReadableArray([
      { path: 'a', data: Readable.from(['xx']) },
    ]);
    await expect(large.files()).rejects.toMatchObject({ code: 'GR_URL_TOO_LARGE' });
  });
});
