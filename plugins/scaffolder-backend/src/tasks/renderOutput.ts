// Renders the output of a task, which is shown when the task is done.
import type { JsonObject, JsonValue } from '@backstage/types';
import { isObject } from '../isObject';
import type { RenderContext, TemplateRenderer } from '../templates/TemplateRenderer';

/** Renders the output. Links and texts whose `if` is false are left out. */
export async function renderOutput(
  output: JsonObject,
  context: RenderContext,
  renderer: TemplateRenderer,
): Promise<JsonObject> {
  const wanted: JsonObject = {};
  for (const [name, value] of Object.entries(output)) {
    wanted[name] = Array.isArray(value) ? await wantedItems(value, name) : value;
  }
  return ((await renderer.render(wanted, context, ['output'])) ?? {}) as JsonObject;

  async function wantedItems(items: JsonValue[], name: string): Promise<JsonValue[]> {
    const found: JsonValue[] = [];
    for (const [index, item] of items.entries()) {
      const { if: condition, ...rest } = isObject(item) ? item : {};
      if (typeof condition !== 'string' && typeof condition !== 'boolean') found.push(item);
      else if (await renderer.evaluateCondition(condition, context, ['output', name, index, 'if'])) {
        found.push(rest);
      }
    }
    return found;
  }
}
