// Makes the output of a task: what its template shows when it is done.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { RenderContext, TemplateRenderer } from '../templates/TemplateRenderer';

/** Renders the output; links and texts whose `if` is false are left out. */
export async function renderOutput(
  output: JsonObject,
  context: RenderContext,
  renderer: TemplateRenderer,
): Promise<JsonObject> {
  const wanted: JsonObject = {};
  for (const [name, value] of Object.entries(output)) {
    wanted[name] = Array.isArray(value) ? await wantedItems(value, name, context, renderer) : value;
  }
  return ((await renderer.render(wanted, context, ['output'])) ?? {}) as JsonObject;
}

async function wantedItems(
  items: JsonValue[],
  name: string,
  context: RenderContext,
  renderer: TemplateRenderer,
): Promise<JsonValue[]> {
  const wanted: JsonValue[] = [];
  for (const [index, item] of items.entries()) {
    if (!hasCondition(item)) {
      wanted.push(item);
      continue;
    }
    const { if: condition, ...rest } = item;
    if (await renderer.evaluateCondition(condition, context, ['output', name, index, 'if']))
      wanted.push(rest);
  }
  return wanted;
}

function hasCondition(item: JsonValue): item is JsonObject & { if: string | boolean } {
  return (
    typeof item === 'object' &&
    item !== null &&
    !Array.isArray(item) &&
    ['string', 'boolean'].includes(typeof item.if)
  );
}
