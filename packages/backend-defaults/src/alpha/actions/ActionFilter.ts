// Decides which actions are offered, based on their IDs and attributes.
import type { ActionsServiceAction } from '@greenroom/backend-plugin-api/alpha';
import { globToRegExp } from '../../globToRegExp';
import type { ActionRule } from './config';

type Attributes = ActionsServiceAction['attributes'];

interface CompiledRule {
  id: RegExp;
  attributes: Array<[keyof Attributes, boolean]>;
}

/** The rules of `backend.actions.filter`. */
export class ActionFilter {
  readonly #include: CompiledRule[];
  readonly #exclude: CompiledRule[];

  constructor(rules: { include: ActionRule[]; exclude: ActionRule[] }) {
    this.#include = rules.include.map(compile);
    this.#exclude = rules.exclude.map(compile);
  }

  /** Whether an action is offered. */
  accepts({ id, attributes }: Pick<ActionsServiceAction, 'id' | 'attributes'>): boolean {
    const fits = (rule: CompiledRule) =>
      rule.id.test(id) && rule.attributes.every(([name, value]) => attributes[name] === value);
    return (this.#include.length === 0 || this.#include.some(fits)) && !this.#exclude.some(fits);
  }

  /** Decides by the ID alone. Returns `undefined` if that takes the attributes. */
  acceptsId(id: string): boolean | undefined {
    const fitting = (rules: CompiledRule[]) => rules.filter(rule => rule.id.test(id));
    const exclude = fitting(this.#exclude);
    if (exclude.some(isAboutIdOnly)) return false;
    const include = fitting(this.#include);
    if (this.#include.length > 0 && include.length === 0) return false;
    const included = this.#include.length === 0 || include.some(isAboutIdOnly);
    return included && exclude.length === 0 ? true : undefined;
  }
}

function isAboutIdOnly(rule: CompiledRule): boolean {
  return rule.attributes.length === 0;
}

function compile({ id = '*', attributes = {} }: ActionRule): CompiledRule {
  return {
    id: globToRegExp(id, { star: '[^]', question: true }),
    attributes: Object.entries(attributes) as CompiledRule['attributes'],
  };
}
