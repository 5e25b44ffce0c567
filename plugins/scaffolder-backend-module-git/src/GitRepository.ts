// Runs git in one repository, without prompts, without the machine's git configuration, and without secrets in arguments.
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitCredentials } from './GitCredentials';
import { GitError } from './GitError';

/** What is needed to create a repository. */
export interface GitRepositoryOptions {
  /** An empty folder outside the work tree, whose own `.git` folder, if any, is ignored: its settings can run programs. */
  readonly folder: string;
  /** The folder with the files. */
  readonly workTree: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly protocol: string;
  readonly credentials?: GitCredentials;
  readonly signal?: AbortSignal;
  /** Gives up if the remote is silent for so long. Defaults to 60. */
  readonly longestSilenceSeconds?: number;
}

/** Answers git's prompts for user name and password from the environment, and no other prompts. */
const askpass = `#!/bin/sh
case "$1" in
  Username*) printf '%s\\n' "$GREENROOM_GIT_USERNAME" ;;
  Password*) printf '%s\\n' "$GREENROOM_GIT_PASSWORD" ;;
esac
`;

const settings = (longestSilenceSeconds: number) => [
  // Credentials must not be sent to a host other than the intended one.
  'http.followRedirects=false',
  'http.lowSpeedLimit=1',
  `http.lowSpeedTime=${longestSilenceSeconds}`,
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.autocrlf=false',
  'commit.gpgSign=false',
  'gc.auto=0',
];
/** The environment variables that git needs to run and to reach the network. */
const passedOn =
  /^(PATH|SystemRoot|TMPDIR|TEMP|TMP|SSH_AUTH_SOCK|SSL_CERT_(FILE|DIR)|(https?|no|all)_proxy)$/i;
const longestOutput = 64 * 1024;
/** A user name without a password that is shorter is no token, and masking it would garble other words. */
const shortestToken = 8;

/** A temporary repository for a work tree. */
export class GitRepository {
  readonly #options: GitRepositoryOptions;

  private constructor(options: GitRepositoryOptions) {
    this.#options = options;
  }

  /** Creates an empty repository. */
  static async create(options: GitRepositoryOptions & { branch: string }): Promise<GitRepository> {
    const repository = new GitRepository(options);
    await mkdir(join(options.folder, 'template'), { recursive: true });
    await writeFile(join(options.folder, 'askpass'), askpass, { mode: 0o700 });
    await repository.run(['check-ref-format', `refs/heads/${options.branch}`]);
    await repository.run(['init', '--quiet', `--template=${join(options.folder, 'template')}`]);
    await repository.run(['symbolic-ref', 'HEAD', `refs/heads/${options.branch}`]);
    return repository;
  }

  /** The same repository, which gives these credentials to its remote. */
  withCredentials(credentials: GitCredentials | undefined): GitRepository {
    return new GitRepository({ ...this.#options, credentials });
  }

  /**
   * Runs a git command and returns its standard output, trimmed.
   *
   * @throws GitError with its standard error.
   */
  async run(args: readonly string[], input = ''): Promise<string> {
    const { folder, workTree, signal } = this.#options;
    signal?.throwIfAborted();
    const all = [
      `--git-dir=${join(folder, 'repository')}`,
      `--work-tree=${workTree}`,
      ...settings(this.#longestSilenceSeconds).flatMap(setting => ['-c', setting]),
      ...args,
    ];
    const detached = process.platform !== 'win32';
    // Not in the work tree, which a remote such as /proc/self/cwd/x would lead to.
    const child = spawn('git', all, { cwd: folder, env: this.#environment(), detached, stdio: 'pipe' });
    // Kills the whole process group, because git starts other programs, such as the one for HTTP.
    const kill = () =>
      detached && child.pid !== undefined ? process.kill(-child.pid, 'SIGKILL') : child.kill();
    const abort = () => {
      try {
        kill();
      } catch {
        // It has just ended by itself.
      }
    };
    signal?.addEventListener('abort', abort, { once: true });
    child.stdin.on('error', () => {}).end(input);
    const [output, errors] = [collect(child.stdout), collect(child.stderr)];
    try {
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject).once('close', resolve);
      });
      signal?.throwIfAborted();
      if (code === 0) return output().trim();
      const reason = errors().trim() || `it ended with code ${code}`;
      throw new GitError(args[0]!, this.#withoutSecrets(reason));
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof GitError) throw error;
      throw new GitError(args[0]!, this.#withoutSecrets((error as Error).message), error);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  get #longestSilenceSeconds(): number {
    return this.#options.longestSilenceSeconds ?? 60;
  }

  #environment(): NodeJS.ProcessEnv {
    const { folder, author, credentials, protocol } = this.#options;
    const silence = this.#longestSilenceSeconds;
    return {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name))),
      LC_ALL: 'C',
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ALLOW_PROTOCOL: protocol,
      // The first for the time before there is a connection, the others for that after it.
      GIT_SSH_COMMAND: `ssh -oBatchMode=yes -oConnectTimeout=${silence} -oServerAliveInterval=${silence} -oServerAliveCountMax=1`,
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
      GIT_ASKPASS: join(folder, 'askpass'),
      GREENROOM_GIT_USERNAME: credentials?.username ?? '',
      GREENROOM_GIT_PASSWORD: credentials?.password ?? '',
    };
  }

  #withoutSecrets(text: string): string {
    const { folder, workTree, credentials } = this.#options;
    const { username = '', password = '' } = credentials ?? {};
    // A server may say what it was sent.
    const sent = credentials && Buffer.from(`${username}:${password}`).toString('base64');
    const secret = password || (username.length < shortestToken ? '' : username);
    const hidden = [sent, secret, folder, workTree].filter(part => part !== undefined && part !== '');
    return hidden.reduce<string>((rest, part) => rest.replaceAll(part!, '***'), text);
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size < longestOutput) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
