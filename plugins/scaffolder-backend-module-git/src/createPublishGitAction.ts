// The action publish:git.
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import { isChildPath, resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import { type GitRemote, readGitRemote } from './GitRemote';
import { GitRepository } from './GitRepository';
import { OAuthClient } from './OAuthClient';
import { publishGitSchema, publishGitExamples, type PublishGitInput } from './publishGitDescription';
import type { GitSettings } from './readGitSettings';

type PublishGitOutput = { remoteUrl: string; repoContentsUrl?: string; commitHash: string };

/** Pushes the workspace to a Git repository. */
export function createPublishGitAction(settings: GitSettings) {
  return createTemplateAction<PublishGitInput, PublishGitOutput>({
    id: 'publish:git',
    description: 'Commits the workspace, or a folder of it, and pushes it to a new branch at any Git remote.',
    supportsDryRun: true,
    examples: publishGitExamples,
    schema: publishGitSchema,
    async handler(ctx) {
      const { input, signal } = ctx;
      const branch = input.defaultBranch ?? 'main';
      const given =
        input.token === undefined ? undefined : { username: input.username ?? 'git', password: input.token };
      const remote = readGitRemote(input.remoteUrl, settings, given);
      const workTree = resolveSafeChildPath(ctx.workspacePath, input.sourcePath ?? '.');
      refuseOwn(remote, ctx.workspacePath);
      await refuseRepositories(workTree);
      const repository = await GitRepository.create({
        folder: await ctx.createTemporaryDirectory(),
        workTree,
        branch,
        author: {
          name: input.gitAuthorName ?? settings.author.name,
          email: input.gitAuthorEmail ?? settings.author.email,
        },
        protocol: remote.protocol,
        signal,
      });
      await repository.run(['add', '--all']);
      await repository.run(
        ['commit', '--quiet', '--allow-empty', '--file=-'],
        input.gitCommitMessage ?? settings.message,
      );
      const commitHash = ctx.isDryRun
        ? await repository.run(['rev-parse', 'HEAD'])
        : await ctx.checkpoint({
            key: `publish:git ${remote.url}`,
            fn: async () => {
              const credentials = await credentialsOf(remote, signal);
              return push(repository.withCredentials(credentials), remote, branch);
            },
          });
      ctx.logger.info(
        `${ctx.isDryRun ? 'Would push' : 'Pushed'} commit ${commitHash} to ${branch} of ${remote.url}`,
      );
      ctx.output('remoteUrl', remote.url);
      const contentsUrl = remote.contentsUrl(branch);
      if (contentsUrl !== undefined) ctx.output('repoContentsUrl', contentsUrl);
      ctx.output('commitHash', commitHash);
    },
  });
}

async function credentialsOf({ credentials }: GitRemote, signal?: AbortSignal) {
  return credentials instanceof OAuthClient ? credentials.credentials(signal) : credentials;
}

/** Pushes the commit and returns its hash, or the hash of an identical commit pushed by an earlier run. */
async function push(repository: GitRepository, remote: GitRemote, branch: string): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const listed = await repository.run(['ls-remote', '--heads', '--', remote.url, ref]);
  if (listed === '') {
    await repository.run(['push', '--quiet', '--', remote.url, `HEAD:${ref}`]);
    return repository.run(['rev-parse', 'HEAD']);
  }
  // If an earlier run of this step was interrupted after its push, the branch has exactly these files.
  await repository.run(['fetch', '--quiet', '--depth=2', '--no-tags', '--', remote.url, ref]);
  const [ours, theirs, parents] = [
    await repository.run(['rev-parse', 'HEAD^{tree}']),
    await repository.run(['rev-parse', 'FETCH_HEAD^{tree}']),
    await repository.run(['rev-list', '--count', 'FETCH_HEAD']),
  ];
  if (ours === theirs && parents === '1') return repository.run(['rev-parse', 'FETCH_HEAD']);
  throw new ConflictError(
    `The branch '${branch}' of ${remote.url} has commits already. Name another branch, or an empty repository.`,
  );
}

/** A repository in a workspace has settings and hooks of the template, which would run here. */
function refuseOwn({ path, url }: GitRemote, workspacePath: string): void {
  // The scaffolder has the workspaces of all tasks in a folder of this name; others have no folder for them alone.
  const [before, ...more] = workspacePath.split(/(?<=[/\\]greenroom-scaffolder)[/\\]/);
  const own = more.length > 0 ? before! : workspacePath;
  if (path !== undefined && leadsThrough(own, path)) {
    throw new NotAllowedError(
      `The remote ${url} is in the workspace of a task. Name a repository elsewhere.`,
    );
  }
}

/** Each step counts, because the links in a workspace may lead elsewhere by the time that git follows them. */
function leadsThrough(folder: string, path: string): boolean {
  return isChildPath(folder, path) || (path !== dirname(path) && leadsThrough(folder, dirname(path)));
}

/** A nested repository would be pushed as a submodule link that leads nowhere. */
async function refuseRepositories(folder: string, path = ''): Promise<void> {
  for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
    const name = join(path, entry.name);
    if (entry.name.toLowerCase() === '.git') {
      throw new InputError(
        `The files to publish have a Git repository in them, at '${name}'. Delete it before.`,
      );
    }
    if (entry.isDirectory()) await refuseRepositories(folder, name);
  }
}
