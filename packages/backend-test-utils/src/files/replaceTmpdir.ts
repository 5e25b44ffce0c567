// Lets os.tmpdir return the directory of a test.
import os from 'node:os';
import { afterAllTests } from '../afterAllTests';

/** Of all blocks of tests that have one, in the order in which they are used. */
let directories: string[] = [];
let usual = os.tmpdir;

/** What `os.tmpdir` returns where nothing replaces it. A directory within another one would be part of its content. */
export function usualTmpdir(): string {
  return directories.length === 0 ? os.tmpdir() : usual();
}

/**
 * Replaces what `os.tmpdir` returns, at once and until the tests of the enclosing block are done. Not with a mock of jest,
 * because tests that reset or restore all mocks would get the usual directory again, or none.
 */
export function replaceTmpdir(directory: string): void {
  const end = () => {
    directories = directories.filter(each => each !== directory);
    if (directories.length === 0) Object.assign(os, { tmpdir: usual });
  };
  const begin = () => {
    if (directories.length === 0) usual = os.tmpdir;
    // Last, because later blocks of the file have called this as well by the time that the first test runs.
    directories = [...directories.filter(each => each !== directory), directory];
    Object.assign(os, { tmpdir: () => directories.at(-1) });
  };
  begin();
  if (typeof beforeAll === 'function') beforeAll(begin);
  afterAllTests(end);
}
