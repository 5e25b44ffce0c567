// The list of built-in actions.
import type { UrlReaderService } from '@greenroom/backend-plugin-api';
import type { CatalogService } from '@greenroom/plugin-catalog-node';
import type { TemplateRenderer } from '../templates/TemplateRenderer';
import type { AnyAction } from './ActionRegistry';
import { createCatalogFetchAction } from './catalog/createCatalogFetchAction';
import { createCatalogRegisterAction } from './catalog/createCatalogRegisterAction';
import { createCatalogWriteAction } from './catalog/createCatalogWriteAction';
import { createDebugLogAction } from './debug/createDebugLogAction';
import { createDebugWaitAction } from './debug/createDebugWaitAction';
import { createFetchPlainAction } from './fetch/createFetchPlainAction';
import { createFetchPlainFileAction } from './fetch/createFetchPlainFileAction';
import { createFetchTemplateAction } from './fetch/createFetchTemplateAction';
import { createFetchTemplateFileAction } from './fetch/createFetchTemplateFileAction';
import { SkeletonSource } from './fetch/SkeletonSource';
import { createFilesystemDeleteAction } from './fs/createFilesystemDeleteAction';
import { createFilesystemReadDirAction } from './fs/createFilesystemReadDirAction';
import { createFilesystemRenameAction } from './fs/createFilesystemRenameAction';
import { createWorkspaceTemplateAction } from './workspace/createWorkspaceTemplateAction';
import { createWorkspaceTemplateFileAction } from './workspace/createWorkspaceTemplateFileAction';

/** What the built-in actions need. */
export interface ActionEnvironment {
  readonly renderer: TemplateRenderer;
  readonly urlReader: UrlReaderService;
  readonly catalog: Pick<CatalogService, 'addLocation' | 'getEntitiesByRefs'>;
}

/** In the order in which they are documented. */
export function createBuiltinActions({ renderer, urlReader, catalog }: ActionEnvironment): AnyAction[] {
  const source = new SkeletonSource(urlReader);
  return [
    createFetchPlainAction(source),
    createFetchPlainFileAction(source),
    createFetchTemplateAction(source, renderer),
    createFetchTemplateFileAction(source, renderer),
    createWorkspaceTemplateAction(renderer),
    createWorkspaceTemplateFileAction(renderer),
    createFilesystemDeleteAction(),
    createFilesystemRenameAction(),
    createFilesystemReadDirAction(),
    createDebugLogAction(),
    createDebugWaitAction(),
    createCatalogWriteAction(),
    createCatalogRegisterAction(catalog),
    createCatalogFetchAction(catalog),
  ];
}
