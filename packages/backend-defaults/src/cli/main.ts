#!/usr/bin/env node
// The `greenroom` command line: looks at the configuration of the backend in the working directory.
import { parseArgs } from 'node:util';
import { checkCommand } from './checkCommand';
import type { CliOptions } from './CliOptions';
import { printCommand } from './printCommand';
import { schemaCommand } from './schemaCommand';

const usage = `Usage: greenroom <command> [options]

  config:check   tells everything that is wrong with the configuration
  config:print   prints the configuration that is in force, with secrets masked
  config:schema  compiles the configuration schemas that packages ship as types (.d.ts), so that no start has to

Run it in the folder of the backend's package. Options:

  --config FILE      a configuration file; may be repeated, later ones win (default: app-config.yaml and
                     app-config.local.yaml of this folder or the nearest above it)
  --format FORMAT    of config:print: yaml (default) or json
  --with-sources     of config:print: says behind each value where it comes from (yaml only)
  --help             prints this

Exit codes: 0 where all is well (warnings do not count), 1 where the configuration or a schema has
problems, 2 for wrong arguments.
`;

const commands = {
  'config:check': checkCommand,
  'config:print': printCommand,
  'config:schema': schemaCommand,
} satisfies Record<string, (options: CliOptions) => Promise<number>>;

/** Runs a command and returns the exit code. */
async function run(args: string[]): Promise<number> {
  const parsed = parse(args);
  if (typeof parsed === 'string') {
    process.stderr.write(`${parsed}\n\n${usage}`);
    return 2;
  }
  const { command, options } = parsed;
  if (command === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  return commands[command](options);
}

type Command = keyof typeof commands;

function isCommand(name: string): name is Command {
  return Object.hasOwn(commands, name);
}

function parse(args: string[]): { command: Command | 'help'; options: CliOptions } | string {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        config: { type: 'string', multiple: true, default: [] },
        format: { type: 'string', default: 'yaml' },
        'with-sources': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    return (error as Error).message;
  }
  const { values, positionals } = parsed;
  const { config, format, help, 'with-sources': withSources } = values;
  const [command = help ? 'help' : undefined, ...others] = positionals;
  if (help) return { command: 'help', options: { configArgs: [], format: 'yaml', withSources: false } };
  if (command === undefined) return 'Say which command to run.';
  if (!isCommand(command)) return `There is no command '${command}'.`;
  if (others.length > 0) return `'${others.join(' ')}' is one argument too many.`;
  if (format !== 'yaml' && format !== 'json') return `--format is yaml or json, not '${format}'.`;
  if (withSources && format === 'json')
    return '--with-sources writes comments, which JSON cannot have: use yaml.';
  const configArgs = config.flatMap(file => ['--config', file]);
  return { command, options: { configArgs, format, withSources } };
}

// Sets the exit code instead of ending the process, so that everything written to a pipe arrives.
run(process.argv.slice(2)).then(
  code => (process.exitCode = code),
  error => {
    process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
    process.exitCode = 1;
  },
);
