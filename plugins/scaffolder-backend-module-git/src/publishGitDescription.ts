// The input and output schemas of the action publish:git, and its examples.
import type { ActionJsonSchema, TemplateExample } from '@greenroom/plugin-scaffolder-node';

/** The input of the action. */
export type PublishGitInput = {
  remoteUrl: string;
  defaultBranch?: string;
  sourcePath?: string;
  gitCommitMessage?: string;
  gitAuthorName?: string;
  gitAuthorEmail?: string;
  username?: string;
  token?: string;
};

const text = { type: 'string' };

/** The schemas of input and output. */
export const publishGitSchema: { input: ActionJsonSchema; output: ActionJsonSchema } = {
  input: {
    type: 'object',
    required: ['remoteUrl'],
    additionalProperties: false,
    properties: {
      remoteUrl: {
        ...text,
        title: 'Remote',
        description: 'Of an existing repository: https://host/path.git, ssh://git@host/path or git@host:path',
      },
      defaultBranch: { ...text, title: 'Branch', description: 'Must be new at the remote', default: 'main' },
      sourcePath: {
        ...text,
        title: 'Folder',
        description: 'What is published, relative to the workspace; default: all of it',
      },
      gitCommitMessage: { ...text, title: 'Commit message' },
      gitAuthorName: { ...text, title: "Author's name" },
      gitAuthorEmail: { ...text, title: "Author's address" },
      username: { ...text, title: 'User name', description: 'Goes with the token; default: git' },
      token: {
        ...text,
        title: 'Token',
        description: 'Or password, instead of the configured credentials of the host; give it as a secret',
      },
    },
  },
  output: {
    type: 'object',
    required: ['remoteUrl', 'commitHash'],
    properties: {
      remoteUrl: { ...text, description: 'Without credentials' },
      repoContentsUrl: { ...text, description: 'Where people see the files, for hosts that are known' },
      commitHash: text,
    },
  },
};

/** From simple to advanced. */
export const publishGitExamples: TemplateExample[] = [
  {
    description: 'Publishes the workspace, with the credentials that are configured for the host',
    example: `steps:
  - id: publish
    name: Publish
    action: publish:git
    input:
      remoteUrl: https://github.com/acme/site.git
`,
  },
  {
    description: 'Publishes a folder to a branch of its own, with a token of the user',
    example: `steps:
  - id: publish
    name: Publish
    action: publish:git
    input:
      remoteUrl: https://git.example.com/acme/site.git
      sourcePath: site
      defaultBranch: pages
      gitCommitMessage: The first pages
      token: \${{ secrets.GIT_TOKEN }}
`,
  },
];
