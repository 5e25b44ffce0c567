// Makes a scaffolder run tasks of a template, and verifies that each completed all its steps.
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from './askCatalog.mjs';

const POLL_MS = 50;
const limitMs = 120_000;
const creators = 10;

/** The configuration of a backend that runs up to `concurrency` tasks of the template in parallel. */
export function templateConfig(concurrency) {
  const target = fileURLToPath(new URL('../fixtures/template/template.yaml', import.meta.url));
  return {
    catalog: { rules: [{ allow: ['Location', 'Template'] }], locations: [{ type: 'file', target }] },
    scaffolder: { concurrentTasksLimit: concurrency },
  };
}

/** Resolves once the template can be used. */
export async function untilTemplate(server) {
  await until('the template', async () => {
    const { items } = await ask(server, 'catalog/entities/by-query?filter=kind=template');
    return items.length === 1;
  });
}

/** Runs `count` tasks after `done` earlier ones. Returns the milliseconds from the first request to the last completion. */
export async function runTasks(server, count, done = 0) {
  const names = Array.from({ length: count }, (_, at) => `boat-${done + at}`);
  const ids = new Map();
  const begin = performance.now();
  const waiting = [...names];
  await Promise.all(Array.from({ length: creators }, () => create(server, waiting, ids)));
  await until(`the end of ${count} tasks`, async () => {
    const { totalTasks } = await ask(server, 'scaffolder/v2/tasks?limit=1&status=completed');
    return totalTasks >= done + count;
  });
  const tookMs = performance.now() - begin;
  for (const [name, id] of ids) await checkTask(server, id, name);
  return tookMs;
}

async function create(server, waiting, ids) {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const body = { templateRef: 'template:default/boat', values: { name } };
    const { id } = await ask(server, 'scaffolder/v2/tasks', { body });
    ids.set(name, id);
  }
}

async function checkTask(server, id, name) {
  const events = await ask(server, `scaffolder/v2/tasks/${id}/events`);
  const said = events.map(({ body }) => body.message).join('\n');
  const completed = ['fetch', 'rename', 'log'].every(step =>
    events.some(({ body }) => body.stepId === step && body.status === 'completed'),
  );
  const ended = events.some(({ type }) => type === 'completion');
  if (!completed || !ended || !said.includes(`The boat ${name} is done`) || !said.includes(`${name}.txt`)) {
    throw new Error(`The task ${id} did not do all its steps:\n${said}`);
  }
}

async function until(what, isThere) {
  const deadline = performance.now() + limitMs;
  while (!(await isThere())) {
    if (performance.now() > deadline) throw new Error(`${what} was not there within ${limitMs / 1_000} s`);
    await pause(POLL_MS);
  }
}
