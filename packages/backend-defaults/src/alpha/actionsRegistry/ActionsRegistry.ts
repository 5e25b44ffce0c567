// The actions that a plugin offers.
import { InputError, NotFoundError } from '@backstage/errors';
import type { JsonObject, JsonValue } from '@backstage/types';
import type {
  BackstageCredentials,
  LoggerService,
  PermissionsRegistryService,
  PermissionsService,
} from '@greenroom/backend-plugin-api';
import type {
  ActionsRegistryActionOptions,
  ActionsRegistryService,
  ActionsServiceAction,
} from '@greenroom/backend-plugin-api/alpha';
import { z, type AnyZodObject } from 'zod/v3';
import { memoizeSuccess } from '../../memoizeSuccess';
import { wordIssues } from '../../wordIssues';
import { ActionOutputError, ActionRegistrationError } from './actionErrors';
import { describeAction, type RegisteredAction } from './describeAction';

/**
 * Options of {@link ActionsRegistry}.
 *
 * @alpha
 */
export interface ActionsRegistryOptions {
  logger: LoggerService;
  permissions: Pick<PermissionsService, 'authorize'>;
  permissionsRegistry: Pick<PermissionsRegistryService, 'addPermissions'>;
  pluginId: string;
}

/** `describe` converts the schemas, which is done for the first list. */
type OfferedAction = RegisteredAction & { describe(): Promise<ActionsServiceAction> };

/**
 * Registers actions, lists them to callers who may see them, and runs them with validated input and output.
 *
 * @alpha
 */
export class ActionsRegistry implements ActionsRegistryService {
  readonly #options: ActionsRegistryOptions;
  readonly #actions = new Map<string, OfferedAction>();

  constructor(options: ActionsRegistryOptions) {
    this.#options = options;
  }

  /**
   * Adds an action. Throws `ActionRegistrationError` if the name is taken or invalid, or a schema is not an object
   * schema.
   */
  register<
    TInputSchema extends AnyZodObject,
    TOutputSchema extends AnyZodObject,
    TSecretsSchema extends AnyZodObject | undefined = undefined,
  >(options: ActionsRegistryActionOptions<TInputSchema, TOutputSchema, TSecretsSchema>): void {
    const { pluginId, permissionsRegistry } = this.#options;
    const { name, schema, visibilityPermission } = options;
    if (!/^\S+$/.test(name)) {
      throw new ActionRegistrationError({
        pluginId,
        message: `An action has the name ${JSON.stringify(name)}, which can't be part of an ID`,
        hint: 'Give it a name without spaces, such as say-hello.',
      });
    }
    const id = `${pluginId}:${name}`;
    if (this.#actions.has(id)) {
      throw new ActionRegistrationError({
        pluginId,
        message: `The action '${name}' is registered twice`,
        hint: 'Register it once, or give one of them another name.',
      });
    }
    const built = {
      input: this.#buildSchema(name, 'input', schema.input),
      output: this.#buildSchema(name, 'output', schema.output),
      ...(schema.secrets && { secrets: this.#buildSchema(name, 'secrets', schema.secrets) }),
    };
    if (visibilityPermission) {
      permissionsRegistry.addPermissions([visibilityPermission]);
    }
    const action = { ...(options as unknown as RegisteredAction), id, pluginId, schema: built };
    this.#actions.set(id, { ...action, describe: memoizeSuccess(() => describeAction(action)) });
  }

  /** The actions that the caller may see, in the order of registration. */
  async list(credentials: BackstageCredentials): Promise<ActionsServiceAction[]> {
    const visible = await this.#visible([...this.#actions.values()], credentials);
    return Promise.all(visible.map(action => action.describe()));
  }

  /**
   * Runs an action. Rejects with `NotFoundError` if it does not exist or the caller may not see it, `InputError` for
   * invalid input or secrets, `ActionOutputError` for invalid output, and with whatever the action throws.
   */
  async invoke(
    id: string,
    options: { input?: unknown; secrets?: unknown; credentials: BackstageCredentials },
  ): Promise<{ output: JsonValue }> {
    const { input = {}, secrets, credentials } = options;
    const action = this.#actions.get(id);
    if (!action || (await this.#visible([action], credentials)).length === 0) {
      throw new NotFoundError(`There is no action '${id}'`);
    }
    const parsedInput = await action.schema.input.safeParseAsync(input);
    if (!parsedInput.success) {
      throw new InputError(
        `The input of action '${id}' is not valid: ${wordIssues(parsedInput.error.issues)}`,
      );
    }
    const outcome = await action.action({
      input: parsedInput.data,
      secrets: await readSecrets(action, secrets),
      credentials,
      logger: this.#options.logger.child({ action: action.name }),
    });
    const output = await action.schema.output.safeParseAsync(outcome?.output);
    if (!output.success) {
      throw new ActionOutputError({
        pluginId: this.#options.pluginId,
        id,
        problems: wordIssues(output.error.issues),
      });
    }
    return { output: output.data as JsonObject };
  }

  async #visible(actions: OfferedAction[], credentials: BackstageCredentials): Promise<OfferedAction[]> {
    const guarded = actions.flatMap(({ visibilityPermission }) => visibilityPermission ?? []);
    if (guarded.length === 0) return actions;
    const asked = [...new Map(guarded.map(permission => [permission.name, permission])).values()];
    const decisions = await this.#options.permissions.authorize(
      asked.map(permission => ({ permission })),
      { credentials },
    );
    const allowed = new Set(
      asked.flatMap(({ name }, index) => (decisions[index]?.result === 'ALLOW' ? name : [])),
    );
    return actions.filter(
      ({ visibilityPermission }) => !visibilityPermission || allowed.has(visibilityPermission.name),
    );
  }

  #buildSchema(name: string, part: string, build: (zod: typeof z) => unknown): AnyZodObject {
    const schema = build(z);
    if ((schema as AnyZodObject | undefined)?._def?.typeName !== 'ZodObject') {
      throw new ActionRegistrationError({
        pluginId: this.#options.pluginId,
        message: `The ${part} schema of action '${name}' is not an object schema of zod 3`,
        hint: `Make it with the zod that it is given: ${part}: z => z.object({ ... }).`,
      });
    }
    return schema as AnyZodObject;
  }
}

async function readSecrets({ id, schema }: RegisteredAction, secrets: unknown): Promise<unknown> {
  if (!schema.secrets) {
    if (secrets !== undefined) {
      throw new InputError(`The action '${id}' takes no secrets`);
    }
    return undefined;
  }
  if (secrets === undefined) {
    throw new InputError(`The action '${id}' needs secrets, and was called without`);
  }
  const parsed = await schema.secrets.safeParseAsync(secrets);
  if (!parsed.success) {
    // Some of zod's messages quote the value.
    const keys = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'all'} (${code})`);
    throw new InputError(`The secrets of action '${id}' are not valid: ${keys.join('; ')}`);
  }
  return parsed.data;
}
