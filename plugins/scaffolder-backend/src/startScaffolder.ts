// Starts the scaffolder: puts its actions and its template language together.
import type { Config } from '@backstage/config';
import type { LoggerService, UrlReaderService } from '@greenroom/backend-plugin-api';
import type { AutocompleteHandler, TemplateAction } from '@greenroom/plugin-scaffolder-node';
import { ActionRegistry } from './actions/ActionRegistry';
import { createBuiltinActions } from './actions/createBuiltinActions';
import type { TemplatingExtensions } from './templates/TemplatingExtensions';
import { TemplateRenderer } from './templates/TemplateRenderer';

/** What the scaffolder works with. */
export interface ScaffolderEnvironment {
  readonly config: Config;
  readonly logger: LoggerService;
  readonly urlReader: UrlReaderService;
  /** Actions that modules added to the built-in ones. */
  readonly addedActions: readonly TemplateAction[];
  readonly extensions: TemplatingExtensions;
  readonly autocompleteHandlers: ReadonlyMap<string, AutocompleteHandler>;
}

/** Resolves when tasks can be created. */
export async function startScaffolder(environment: ScaffolderEnvironment): Promise<void> {
  const { addedActions, config, extensions, logger, urlReader } = environment;
  const renderer = new TemplateRenderer(extensions.addBuiltins(config));
  const actions = new ActionRegistry();
  for (const action of [...createBuiltinActions({ renderer, urlReader }), ...addedActions])
    actions.register(action);
  logger.debug('The scaffolder knows its actions', { actions: actions.list().map(({ id }) => id) });
}
