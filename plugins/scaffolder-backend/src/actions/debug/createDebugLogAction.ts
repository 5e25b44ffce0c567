// The action debug:log.
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import { listFiles } from '../fetch/listFiles';
import { LONGEST_LINE } from '../../tasks/TaskLogger';
import { readText } from '../fetch/readText';

type DebugLogInput = { message?: string; listWorkspace?: boolean | 'with-filenames' | 'with-contents' };

/** Writes to the task log. */
export function createDebugLogAction() {
  return createTemplateAction<DebugLogInput>({
    id: 'debug:log',
    description: 'Writes a message into the log, or what is in the workspace.',
    supportsDryRun: true,
    examples: [
      {
        description: 'A message',
        example: `steps:
  - id: say
    name: Say what is done
    action: debug:log
    input:
      message: All files are made
`,
      },
      {
        description: 'The files of the workspace',
        example: `steps:
  - id: list
    name: List the files
    action: debug:log
    input:
      listWorkspace: true
`,
      },
      {
        description: 'The files of the workspace with what is in them',
        example: `steps:
  - id: show
    name: Show the files
    action: debug:log
    input:
      listWorkspace: with-contents
`,
      },
    ],
    schema: {
      input: {
        type: 'object',
        additionalProperties: false,
        properties: {
          message: { type: 'string', title: 'Message' },
          listWorkspace: {
            title: 'List the workspace',
            description:
              'true and with-filenames list the files; with-contents writes what is in them as well',
            anyOf: [{ type: 'boolean' }, { type: 'string', enum: ['with-filenames', 'with-contents'] }],
          },
        },
      },
    },
    async handler(ctx) {
      const { message, listWorkspace } = ctx.input;
      if (message !== undefined) ctx.logger.info(message);
      if (!listWorkspace) return;
      const lines: string[] = [];
      let size = 0;
      for (const file of await listFiles(ctx.workspacePath, ctx.signal)) {
        if (file.kind === 'folder') continue;
        lines.push(`  - ${file.path}`);
        if (listWorkspace !== 'with-contents' || file.kind === 'link') continue;
        // The log has no place for more, and all files together may be more than fits into memory.
        if (size > LONGEST_LINE) break;
        const text = (await readText(file.absolutePath)) ?? '(no text)';
        size += text.length;
        lines.push(text, '');
      }
      ctx.logger.info(['Workspace:', ...lines].join('\n'));
    },
  });
}
