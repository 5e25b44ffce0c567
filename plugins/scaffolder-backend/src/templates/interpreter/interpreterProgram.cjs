// The program of the process that renders templates, which has no access to anything. Requests and results are lines
// of JSON.
//
// Plain JavaScript, so that Node can also run it from the sources. Never uses the event loop: to call a filter in the
// parent process, it writes a line and blocks until the next one arrives.
const { readSync, writeSync } = require('node:fs');
const { createTemplateRenderer } = require('nunjitsu');
const { validateValues } = require('./validateValues.cjs');

const setup = receive();
const renderers = new Map();
let hostFailure;
// Whether an earlier step has failed, and whether a template of the request has asked.
let hasFailed = false;
let asksStatus = false;
const status = {
  always() {
    asksStatus = true;
    return true;
  },
  failure() {
    asksStatus = true;
    return hasFailed;
  },
};

send({ ready: true });
for (;;) send(answer(receive()));

function answer({ mode, sources, context, options, schema, values, ...request }) {
  if (mode === 'validate') return { results: [{ value: validateValues(schema, values) }] };
  const renderer = rendererFor(options);
  const results = [];
  hasFailed = request.hasFailed === true;
  asksStatus = false;
  try {
    const prepared = renderer.prepareContext(context);
    for (const source of sources) {
      hostFailure = undefined;
      results.push(
        mode === 'text'
          ? { value: renderer.render(source, prepared, setup.limits) }
          : { value: renderer.renderValue(source, prepared, { ...setup.limits, coercion: 'json' }) },
      );
    }
    return { results, ...(asksStatus && { asksStatus }) };
  } catch (error) {
    const { message, line, column, limit } = error;
    return { failure: { index: results.length, message: hostFailure ?? message, line, column, limit } };
  }
}

function rendererFor(options) {
  const key = JSON.stringify(options);
  if (!renderers.has(key)) {
    const functions = kind => Object.fromEntries(setup[kind].map(name => [name, hostFunction(kind, name)]));
    const globals = { ...status, ...setup.values, ...functions('functions') };
    renderers.set(key, createTemplateRenderer({ ...options, filters: functions('filters'), globals }));
  }
  return renderers.get(key);
}

function hostFunction(kind, name) {
  return (...args) => {
    // Wrapped, because `undefined` in an array would become `null` in JSON.
    send({ call: { kind, name, args: args.map(value => ({ value })) } });
    const { value, failure } = receive();
    if (failure === undefined) return value;
    hostFailure = failure;
    throw new Error(failure);
  };
}

function send(message) {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let written = 0; written < bytes.length;) written += writeSync(1, bytes, written);
}

function receive() {
  const chunks = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536);
    const length = readSync(0, chunk);
    // The parent is gone.
    if (length === 0) process.exit(0);
    chunks.push(chunk.subarray(0, length));
    // The parent sends a single line and then waits, so a newline is always at the end of a chunk.
    if (chunk[length - 1] === 10) return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  }
}
