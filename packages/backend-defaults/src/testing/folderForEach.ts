// A folder for the files of each test.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes an empty folder before each test of a file or `describe`, and removes it afterwards. No link leads to it. */
export function folderForEach(use: (folder: string) => void): void {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'greenroom-test-')));
    use(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
}
