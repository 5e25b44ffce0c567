// Makes the folder of a package the working directory of the process, so that its configuration is found from anywhere.
import { resolve } from 'node:path';

/** Relative files that `--config` names keep their meaning: they become absolute first. */
export function enterFolder(folder: string): void {
  process.argv = process.argv.map((argument, at, all) => {
    const [, file] = /^--config=(.+)$/.exec(argument) ?? [];
    if (file) return `--config=${resolve(file)}`;
    return all[at - 1] === '--config' ? resolve(argument) : argument;
  });
  process.chdir(folder);
}
