// A module with actions that tests can observe: their effects show in files, even from another process.
import { InputError } from '@backstage/errors';
import { createTemplateAction, scaffolderActionsExtensionPoint } from '@greenroom/plugin-scaffolder-node';
import { createModule } from '@greenroom/testing';
import { decodeJwt } from 'jose';
import { appendFile, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

const echo = createTemplateAction({
  id: 'test:echo',
  description: 'Gives back what it gets',
  supportsDryRun: true,
  schema: {
    input: {
      text: z => z.string().max(1000),
      times: z => z.number().optional(),
      loud: z => z.boolean().optional(),
    },
    output: { text: z => z.string() },
  },
  async handler(ctx) {
    ctx.logger.info(`Echo: ${ctx.input.text}`);
    ctx.output('text', ctx.input.text);
  },
});

const append = createTemplateAction({
  id: 'test:append',
  description: 'Adds a line to a file outside of the workspace, which tells how often it ran',
  schema: { input: { file: z => z.string(), line: z => z.string() }, output: { remoteUrl: z => z.string() } },
  async handler(ctx) {
    await appendFile(ctx.input.file, `${ctx.input.line}\n`);
    ctx.output('remoteUrl', `https://example.com/${ctx.input.line}`);
  },
});

const waitFor = createTemplateAction({
  id: 'test:wait-for',
  description: 'Waits until a file is there; says in another one that it began, and how it ended',
  schema: { input: { file: z => z.string(), log: z => z.string(), stubborn: z => z.boolean().optional() } },
  async handler(ctx) {
    const { file, log, stubborn } = ctx.input;
    ctx.logger.info('Waiting');
    await appendFile(log, 'begin\n');
    while (!(await exists(file))) {
      if (ctx.signal?.aborted && !stubborn) {
        await appendFile(log, `aborted ${ctx.signal.reason?.code}\n`);
        throw ctx.signal.reason;
      }
      await sleep(20);
    }
    await appendFile(log, 'end\n');
  },
});

const write = createTemplateAction({
  id: 'test:write',
  description: 'Writes a file into the workspace, or a link to what would be its content',
  supportsDryRun: true,
  schema: {
    input: { path: z => z.string(), content: z => z.string(), isLink: z => z.boolean().optional() },
  },
  async handler(ctx) {
    const { path, content, isLink } = ctx.input;
    const place = join(ctx.workspacePath, path);
    await (isLink ? symlink(content, place) : writeFile(place, content));
  },
});

const spoil = createTemplateAction({
  id: 'test:spoil',
  description: 'Leaves a workspace that can not be kept: gone, or with a file whose name is not UTF-8',
  schema: { input: { isGone: z => z.boolean() } },
  async handler({ input, workspacePath }) {
    if (input.isGone) await rm(workspacePath, { recursive: true });
    else await writeFile(Buffer.from(join(workspacePath, 'caf\u00e9'), 'latin1'), '');
  },
});

const read = createTemplateAction({
  id: 'test:read',
  description: 'Gives the files of the workspace',
  supportsDryRun: true,
  schema: { output: { files: z => z.record(z.string()) } },
  async handler(ctx) {
    const names = (await readdir(ctx.workspacePath)).sort();
    const files = await Promise.all(
      names.map(async name => [name, await readFile(join(ctx.workspacePath, name), 'utf8')] as const),
    );
    ctx.output('files', Object.fromEntries(files));
  },
});

const once = createTemplateAction({
  id: 'test:once',
  description: 'Does something within a checkpoint, then fails for as long as a file is missing',
  schema: { input: { file: z => z.string(), unless: z => z.string() }, output: { made: z => z.string() } },
  async handler(ctx) {
    const made = await ctx.checkpoint({
      key: 'made',
      fn: async () => {
        await appendFile(ctx.input.file, 'made\n');
        return 'a thing';
      },
    });
    if (!(await exists(ctx.input.unless))) throw new Error(`There is no ${ctx.input.unless}`);
    ctx.output('made', made);
  },
});

const whoami = createTemplateAction({
  id: 'test:whoami',
  description: 'Gives on whose behalf it runs, and says the token that it has',
  supportsDryRun: true,
  schema: {
    output: {
      principal: z => z.record(z.unknown()),
      user: z => z.string(),
      audience: z => z.string(),
      subject: z => z.string(),
    },
  },
  async handler(ctx) {
    const { backstageToken } = ctx.secrets ?? {};
    if (backstageToken !== undefined) {
      const claims = decodeJwt(backstageToken);
      ctx.output('audience', String(claims.aud));
      ctx.output('subject', String(decodeJwt(String(claims.obo)).sub));
      ctx.logger.info(`The token is ${backstageToken}`);
    }
    const { principal } = await ctx.getInitiatorCredentials();
    ctx.output('principal', JSON.parse(JSON.stringify(principal)));
    ctx.output('user', `${ctx.user?.ref} ${ctx.user?.entity?.metadata.name}`);
  },
});

const fail = createTemplateAction({
  id: 'test:fail-in-circles',
  description: 'Fails with an error that is its own cause',
  async handler() {
    const error = new Error('It is its own fault');
    throw Object.assign(error, { cause: error });
  },
});

const failForAReason = createTemplateAction({
  id: 'test:fail-for-a-reason',
  description: 'Fails with an error that has causes, of which some are in its message and some are not',
  async handler() {
    const below = new Error('The disk is full', {
      cause: new InputError('The file is large', new Error('A film')),
    });
    throw new InputError('It can not be stored', below);
  },
});

export const testActionsModule = createModule('scaffolder', 'test-actions', {
  deps: { actions: scaffolderActionsExtensionPoint },
  async init({ actions }) {
    actions.addActions(echo, append, waitFor, write, spoil, read, once, whoami, fail, failForAReason);
  },
});
