// The error of a failed git command.
import { CustomErrorBase } from '@backstage/errors';

/** A git command failed, or git is not installed. */
export class GitError extends CustomErrorBase {
  readonly code = 'GR_GIT';

  constructor(command: string, reason: string, cause?: unknown) {
    const missing = (cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
    super(
      missing
        ? "The program 'git' was not found. Install it, and make sure that PATH includes it."
        : `'git ${command}' failed: ${reason}. Check the remote, its credentials and the branch.`,
      missing ? undefined : cause,
    );
    this.name = 'GitError';
  }
}
