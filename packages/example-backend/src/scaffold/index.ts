// The terminal client of the scaffolder: choose a template, fill in its form, and watch the task.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { askForm } from './askForm';
import { BackendApi, BackendRequestError, type ListedTemplate } from './BackendApi';
import { InputEndedError, Prompter } from './Prompter';
import { TaskView } from './TaskView';

const usage = `npm run example:scaffold -- [options]

  --template REF      the template, such as template:default/show-service; without it, they are listed to choose from
  --values FILE       values for its form, YAML or JSON; what is missing is asked for
  --secrets FILE      likewise for its secrets
  --yes               ask for nothing: take the defaults
  --list              only list the templates
  --url URL           where the scaffolder is (http://127.0.0.1:7007)
  --catalog-url URL   where the catalog is, if that is another backend
  --token TOKEN       a token for both, where they need one; or GREENROOM_TOKEN in the environment`;

const options = {
  template: { type: 'string' },
  values: { type: 'string' },
  secrets: { type: 'string' },
  yes: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  url: { type: 'string', default: 'http://127.0.0.1:7007' },
  'catalog-url': { type: 'string' },
  token: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<number> {
  const { values: args } = parseArgs({ options });
  const write = (line: string) => void process.stdout.write(`${line}\n`);
  if (args.help) {
    write(usage);
    return 0;
  }
  const api = new BackendApi({
    scaffolder: args.url,
    catalog: args['catalog-url'] ?? args.url,
    token: args.token ?? process.env.GREENROOM_TOKEN,
  });
  if (args.list) {
    for (const { ref, title } of await api.listTemplates()) write(`${ref}  ${title}`);
    return 0;
  }
  const prompter = args.yes ? undefined : new Prompter(process.stdin, process.stdout);
  let taskId: string;
  let templateRef: string;
  try {
    templateRef = args.template ?? (await chooseTemplate(await api.listTemplates(), prompter));
    const form = await api.getForm(templateRef);
    write(form.title);
    const { values, secrets } = await askForm(form.steps, await readValues(args.values), prompter);
    taskId = await api.createTask(templateRef, values, { ...(await readValues(args.secrets)), ...secrets });
  } finally {
    prompter?.close();
  }
  write(`\nTask ${taskId}`);
  process.once('SIGINT', () => {
    write('Cancelling the task; press Ctrl-C again to leave it alone');
    api.cancelTask(taskId).catch((error: Error) => write(error.message));
  });
  const view = new TaskView(await api.listSteps(taskId), { write, isColored: process.stdout.isTTY ?? false });
  let status: string | undefined;
  for await (const event of api.followTask(taskId)) {
    view.show(event);
    if (event.type === 'completion') status = event.body.status;
  }
  return status === 'completed' ? 0 : 1;
}

async function chooseTemplate(
  templates: readonly ListedTemplate[],
  prompter: Prompter | undefined,
): Promise<string> {
  if (templates.length === 0) throw new BackendRequestError('The catalog has no templates');
  if (!prompter) throw new BackendRequestError('With --yes, name the template with --template REF');
  templates.forEach(({ title, ref, description }, at) => {
    prompter.tell(`${at + 1}) ${title} (${ref})${description === undefined ? '' : `\n   ${description}`}`);
  });
  for (;;) {
    const answer = await prompter.ask(`Template (1-${templates.length}):`);
    const chosen = templates[Number(answer) - 1] ?? templates.find(({ ref }) => ref === answer);
    if (chosen) return chosen.ref;
    prompter.tell(`Type a number from 1 to ${templates.length}`);
  }
}

async function readValues(file: string | undefined): Promise<Record<string, unknown>> {
  if (file === undefined) return {};
  const content: unknown = parse(await readFile(file, 'utf8'));
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
    return content as Record<string, unknown>;
  }
  throw new InputFileError(`${file} must hold an object: the values by their names`);
}

class InputFileError extends Error {
  override readonly name = 'InputFileError';
}

main().then(
  code => process.exit(code),
  (error: Error) => {
    const isExpected =
      [BackendRequestError, InputEndedError, InputFileError].some(known => error instanceof known) ||
      ['ERR_PARSE_ARGS_UNKNOWN_OPTION', 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL', 'ENOENT'].includes(
        (error as { code?: string }).code ?? '',
      );
    process.stderr.write(`${isExpected ? error.message : error.stack}\n`);
    process.exit(2);
  },
);
