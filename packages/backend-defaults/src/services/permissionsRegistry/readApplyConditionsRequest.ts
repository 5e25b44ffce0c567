// Validates the body of a request to apply conditions.
import { InputError } from '@backstage/errors';
import { isObject } from '../../isObject';
import { asString, type Criteria, readCriteria } from './readCriteria';

/** One entry of a request. */
export interface ApplyConditionsEntry {
  id: string;
  resourceRef: string | string[];
  resourceType: string;
  conditions: Criteria;
}

/** Returns the entries of a body. Throws `InputError` that names the first invalid field. */
export function readApplyConditionsRequest(body: unknown): ApplyConditionsEntry[] {
  const items = isObject(body) && body.items;
  if (!Array.isArray(items)) {
    throw new InputError('The body must be an object with a list of items');
  }
  return items.map((item: unknown, index) => {
    const where = `items[${index}]`;
    if (!isObject(item)) {
      throw new InputError(`${where} must be an object`);
    }
    const { id, resourceRef, resourceType, conditions } = item;
    if (!isRef(resourceRef)) {
      throw new InputError(`${where}.resourceRef must be a string or a list of strings`);
    }
    return {
      id: asString(id, `${where}.id`),
      resourceRef,
      resourceType: asString(resourceType, `${where}.resourceType`),
      conditions: readCriteria(conditions, `${where}.conditions`),
    };
  });
}

function isRef(value: unknown): value is string | string[] {
  return typeof value === 'string' || (Array.isArray(value) && value.every(one => typeof one === 'string'));
}
