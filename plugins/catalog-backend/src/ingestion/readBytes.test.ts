// Tests of reading single files from a real file system.
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeText, readBytes } from './readBytes';

describe('reading a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'read-text-file-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function readText(name: string, content: Uint8Array | string) {
    await writeFile(join(folder, name), content);
    const read = await readBytes(join(folder, name));
    return 'bytes' in read ? decodeText(read.bytes) : read;
  }

  it('reads UTF-8 without its byte order mark', async () => {
    expect(await readText('bom.yaml', '\uFEFFa: ä')).toEqual({ text: 'a: ä' });
    expect(await readText('empty.yaml', '')).toEqual({ text: '' });
  });

  it('refuses what is no text', async () => {
    const binary = { reason: expect.stringContaining('binary') };
    expect(await readText('nul.yaml', Uint8Array.of(97, 0, 98))).toEqual(binary);
    expect(await readText('utf16.yaml', Buffer.from('\uFEFFa: 1', 'utf16le'))).toEqual(binary);
    expect(await readText('latin1.yaml', Uint8Array.of(0x61, 0xe4, 0x62))).toEqual({
      reason: expect.stringContaining('not text in UTF-8'),
    });
  });

  it('refuses 20 MB without reading them', async () => {
    await writeFile(join(folder, 'large.yaml'), '');
    await truncate(join(folder, 'large.yaml'), 20 * 1024 * 1024);
    expect(await readBytes(join(folder, 'large.yaml'))).toEqual({
      reason: 'the file is too large: 20.0 MiB, at most 10 MiB are read',
    });
  });

  it('refuses a directory, a link to nowhere and a loop of links', async () => {
    await mkdir(join(folder, 'directory.yaml'));
    await symlink('nowhere', join(folder, 'dangling.yaml'));
    await symlink('loop.yaml', join(folder, 'loop.yaml'));
    expect(await readBytes(join(folder, 'directory.yaml'))).toEqual({
      reason: expect.stringContaining('it is a directory; name its files'),
    });
    expect(await readBytes(join(folder, 'dangling.yaml'))).toEqual({
      reason: expect.stringContaining('broken symbolic link'),
    });
    expect(await readBytes(join(folder, 'loop.yaml'))).toEqual({
      reason: expect.stringContaining('loop of symbolic links'),
    });
  });

  (process.platform === 'win32' ? it.skip : it)(
    'does not wait for a writer of a named pipe (Windows has none)',
    async () => {
      execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
      expect(await readBytes(join(folder, 'pipe.yaml'))).toEqual({
        reason: expect.stringContaining('not a regular file'),
      });
    },
  );

  // Root may read everything.
  (process.getuid?.() === 0 ? it.skip : it)('says that permission is missing (root lacks none)', async () => {
    await writeFile(join(folder, 'secret.yaml'), 'a: 1');
    await chmod(join(folder, 'secret.yaml'), 0);
    expect(await readBytes(join(folder, 'secret.yaml'))).toEqual({
      reason: expect.stringContaining('permission denied'),
    });
  });
});
