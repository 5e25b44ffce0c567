// Makes the files that `--config` names absolute, since npm runs scripts elsewhere than where the user typed.
import { resolve } from 'node:path';

/** Copies `args`, with every `--config FILE` and `--config=FILE` resolved against `folder`. */
export function absoluteConfigArgs(args, folder) {
  return args.map((arg, index) => {
    if (arg.startsWith('--config=')) return `--config=${resolve(folder, arg.slice('--config='.length))}`;
    return args[index - 1] === '--config' ? resolve(folder, arg) : arg;
  });
}
