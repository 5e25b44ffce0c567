// The shape of a wrong set-up, and functions that run it and return its messages.
import { BackendStartupError, type Backend } from '..';
import { backendFixture, failuresOf } from '../scenarios/backendFixture';

/** A code with the whole message that belongs to it. */
export type Told = readonly [code: string, message: string];

/** One way to put a backend together wrongly, with everything that it is told. */
export interface WrongSetup {
  title: string;
  /** The configuration, options and default services of the backend. */
  options?: Parameters<typeof backendFixture>[0];
  /** Adds what is wrong; its calls of `add` are `<here>` in the messages. */
  add?(backend: Backend): void;
  /** What the backend does, for errors that `check()` can't know; gives the errors. */
  run?(backend: Backend): Promise<readonly unknown[]>;
  told: readonly Told[];
}

/** A function that throws. */
export const fail = (error: Error) => () => {
  throw error;
};

/** A promise that nobody settles. */
export const forever = () => new Promise<never>(() => {});

/** Everything that a backend with this set-up says. */
export async function tell({ options, add, run = checked }: WrongSetup): Promise<Told[]> {
  const backend = backendFixture(options);
  add?.(backend);
  const errors = (await run(backend)) as Array<Error & { code: string }>;
  return errors.map(({ code, message }) => [code, withoutLines(message)]);
}

async function checked(backend: Backend): Promise<Error[]> {
  return (await backend.check()).map(({ error }) => error);
}

/** Starts the backend and gives every failure of its result, problems first, then each plugin with its modules. */
export async function failures(backend: Backend): Promise<Error[]> {
  const { result } = await startupOf(backend);
  return failuresOf(result).map(([code, message]) => Object.assign(new Error(message), { code }));
}

/** Starts the backend and gives the one error with which the start fails. */
export async function startupError(backend: Backend): Promise<Error[]> {
  const outcome = await startupOf(backend);
  return outcome instanceof BackendStartupError ? [outcome] : [];
}

function startupOf(backend: Backend) {
  return backend.start().catch((error: unknown) => {
    if (error instanceof BackendStartupError) return error;
    throw error;
  });
}

/** Places in this folder without their line and column, which any edit changes. */
function withoutLines(message: string): string {
  return message
    .replace(/\bpackages\/backend-app-api\/src\/diagnostics\/(\w*Setups)\.ts:\d+:\d+/g, '<here>')
    .replace(/(\bpackages\/backend-app-api\/src\/diagnostics\/\w+\.ts):\d+:\d+/g, '$1');
}
