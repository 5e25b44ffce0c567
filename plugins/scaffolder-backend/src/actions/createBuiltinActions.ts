// The list of the actions that the scaffolder has by itself.
import type { Config } from '@backstage/config';
import type { UrlReaderService } from '@greenroom/backend-plugin-api';
import type { TemplateAction } from '@greenroom/plugin-scaffolder-node';
import type { TemplatingExtensions } from '../templates/TemplatingExtensions';
import type { ActionCatalog } from './ActionCatalog';

/** What built-in actions work with. */
export interface ActionEnvironment {
  readonly config: Config;
  readonly urlReader: UrlReaderService;
  readonly extensions: TemplatingExtensions;
  /** Without one, the actions that need the catalog are left out. */
  readonly catalog?: ActionCatalog;
}

/** In the order of their documentation. */
export function createBuiltinActions(_environment: ActionEnvironment): TemplateAction[] {
  return [];
}
