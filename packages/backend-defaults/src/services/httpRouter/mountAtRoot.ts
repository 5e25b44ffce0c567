// Mounts handlers at the root router.
import type { RootHttpRouterService } from '@greenroom/backend-plugin-api';
import type { Handler } from 'express';
import type { DefaultRootHttpRouter } from '../rootHttpRouter/DefaultRootHttpRouter';

/**
 * Returns a function that removes the handler. Does not with a root router of somebody else's: what its `use` returns may
 * be a function, such as an application of express, but not this one.
 */
export function mountAtRoot(
  root: RootHttpRouterService & Partial<Pick<DefaultRootHttpRouter, 'useRemovable'>>,
  path: string,
  handler: Handler,
): (() => void) | undefined {
  const remove = root.useRemovable?.(path, handler);
  if (!remove) root.use(path, handler);
  return remove;
}
