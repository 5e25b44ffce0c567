// Creates random templates, with values for their forms and files next to them. Avoids what one of the two
// scaffolders rejects by design: no expression fails, no condition is a string, no form has defaults.
import { randomChoices } from '../lib/randomChoices.mjs';

const words = ['keel', 'Mast', '', 'naïve ß', '日本', 'a,b', '<b>&', "it's", '"q"', '5', 'true', 'a b'];
const plain = [...words, 0, -1.5, 42, true, false, null];
const names = ['text', 'count', 'flag', 'list', 'object', 'with-dash', 'none'];
const repos = ['github.com?owner=acme&repo=site', 'gitlab.com?owner=acme%2Fsub&repo=x'];

/** The `{ name, spec, values, files }` of each template; `files` are indexed by path. */
export function randomTemplates(seed, count) {
  const { below, chance, pick } = randomChoices(seed);
  const many = (least, most, make) =>
    Array.from({ length: least + below(most - least + 1) }, (_, at) => make(at));
  const value = (depth = 0) => {
    const shape = depth > 1 ? 0 : below(5);
    if (shape === 3) return many(0, 3, () => value(depth + 1));
    return shape === 4
      ? Object.fromEntries(many(0, 3, () => [pick(['a', 'b', 'c-d']), value(depth + 1)]))
      : pick(plain);
  };

  /** What an expression can refer to: an earlier step, the item of `each`, or a value of the form. */
  function path({ ids, inEach }) {
    if (ids.length > 0 && chance(0.3)) return `steps['${pick(ids)}'].output${pick(['', '.a', '.b', '.c.a'])}`;
    if (inEach && chance(0.4)) return pick(['each.key', 'each.value', 'each.value.a']);
    const name = pick(names);
    return name.includes('-') || chance(0.3)
      ? `parameters['${name}']`
      : `parameters.${name}${pick(['', '.a'])}`;
  }
  function expression(scope, depth = 0) {
    if (depth > 2 || chance(0.3)) return chance(0.8) ? path(scope) : JSON.stringify(pick(plain));
    const part = () => expression(scope, depth + 1);
    return pick([
      () => `(${part()} and ${part()})`,
      () => `(${part()} or ${part()})`,
      () => `(not ${part()})`,
      () => `(${part()} ${pick(['==', '!=', '===', '!=='])} ${part()})`,
      () => `(${part()} if ${part()} else ${part()})`,
      () => `(${part()} ~ ${part()})`,
      () => `(${part()} | ${pick(['dump', 'default("d")', 'default("d", true)', 'length'])})`,
      () =>
        `(("" ~ ${part()}) | ${pick(['upper', 'trim', 'title', 'length', 'urlencode', 'replace("a", "x")'])})`,
      () => `[${part()}, { a: ${part()} }]`,
      () => `("${pick(repos)}" | ${pick(['parseRepoUrl', 'projectSlug', 'parseRepoUrl | pick("owner")'])})`,
      () => `("group:default/keepers" | parseEntityRef${pick(['', ' | pick("name")'])})`,
    ])();
  }
  function text(scope) {
    const inside = () => `\${{ ${expression(scope)} }}`;
    return pick([
      inside,
      inside,
      () => `${pick(words)}${inside()}${pick(words)}`,
      () => `{% if ${expression(scope)} %}${inside()}{% else %}no{% endif %}`,
      () => `{% for item in [1, ${expression(scope)}] %}[\${{ item }}]{% endfor %}`,
      () => `{% set x = ${expression(scope)} %}\${{ x }}`,
    ])();
  }
  function input(scope) {
    return Object.fromEntries(
      ['a', 'b', 'c', 'd']
        .filter(() => chance(0.6))
        .map(name => [
          name,
          pick([() => text(scope), () => ({ a: text(scope), b: [text(scope), 1] }), value])(),
        ]),
    );
  }
  // Always a boolean, because the scaffolders differ in how they treat other values such as the string "false".
  const condition = scope => {
    const status = pick(['', '', '', 'always() and ', 'failure() and ', 'not failure() and ']);
    return chance(0.1) ? chance(0.5) : `\${{ ${status}((${expression(scope)}) and true or false) }}`;
  };
  // The published scaffolder fails if `each` is not a list, even if the condition is false, and considers a step
  // completed if its condition is false for all items.
  const each = () =>
    chance(0.5)
      ? { each: pick(['${{ parameters.list }}', '${{ parameters.object }}']) }
      : { each: ['x', { a: 1 }], if: `\${{ ${pick(['', 'always() and '])}each.key == "${pick([0, 1])}" }}` };

  const actions = [
    scope => ({ action: 'probe:echo', input: input(scope) }),
    scope => ({ action: 'probe:echo', input: input(scope) }),
    scope => ({
      action: 'fetch:template',
      input: {
        url: pick(['./skeleton', './skeleton/sub', './skeleton/']),
        values: { ...input(scope), name: 'ship' },
        ...(chance(0.4) && { targetPath: pick(['out', './out/deep', '.']) }),
        ...(chance(0.3) && { replace: true }),
        ...(chance(0.3) && { [pick(['trimBlocks', 'lstripBlocks'])]: true }),
        ...pick([
          {},
          {},
          { templateFileExtension: pick([true, '.tpl']) },
          { copyWithoutTemplating: [pick(['sub', 'sub/**', '**/*.txt', 'a.*'])] },
          { cookiecutterCompat: true },
        ]),
      },
    }),
    () => ({ action: 'fetch:plain', input: { url: './skeleton', targetPath: pick(['.', 'plain']) } }),
    () => ({
      action: 'fs:delete',
      input: { files: [pick(['a.txt', 'sub', '*', '**/*.txt', 'out/**', 'none'])] },
    }),
    () => ({
      action: 'fs:rename',
      input: { files: [{ from: pick(['a.txt', 'sub', 'none']), to: 'moved' }] },
    }),
    scope => ({
      action: 'catalog:write',
      // Strings only, because the published scaffolder writes a YAML alias if an object occurs twice.
      input: {
        entity: { kind: 'Component', metadata: {}, spec: { a: `A ${text(scope)}`, b: `${text(scope)}.` } },
      },
    }),
    () => ({
      action: 'catalog:fetch',
      input: { entityRef: pick(['group:default/keepers', 'group:default/none']), optional: true },
    }),
    () => ({ action: 'debug:log', input: { message: 'said', listWorkspace: pick([true, 'with-contents']) } }),
  ];

  return Array.from({ length: count }, (_, at) => {
    const ids = [];
    const steps = many(1, 6, () => {
      const repeated = chance(0.25);
      const scope = { ids: [...ids], inEach: repeated };
      const made = chance(0.05) ? { action: 'probe:fail' } : pick(actions)(scope);
      const id = pick(['one', 'two', 'three-3', 'four']);
      ids.push(id);
      return {
        ...(chance(0.9) && { id }),
        ...(chance(0.3) && { name: 'Named' }),
        ...(repeated ? each() : chance(0.4) && { if: condition(scope) }),
        ...made,
      };
    });
    const scope = { ids, inEach: false };
    const links = many(0, 3, () => ({ title: text(scope), ...(chance(0.5) && { if: condition(scope) }) }));
    return {
      name: `random-${at}`,
      spec: {
        type: 'service',
        ...randomForm(),
        steps,
        output: { made: text(scope), more: text(scope), ...(chance(0.5) && { links }) },
      },
      values: Object.fromEntries(names.filter(() => chance(0.8)).map(name => [name, value()])),
      files: randomFiles(),
    };
  });

  /** One page or several, with rules that some of the values violate. */
  function randomForm() {
    const rule = () =>
      pick([
        {},
        {},
        {},
        { type: pick(['string', 'number', 'boolean', 'array', 'object', ['string', 'null']]) },
        { enum: [pick(plain), 'keel'] },
        { minLength: 1, 'ui:field': 'Picker' },
        { minimum: 0 },
        { items: { type: 'string' } },
        { properties: { a: { type: 'string' } }, required: ['a'] },
        { pattern: '^[a-z]*$' },
      ]);
    const page = () => ({
      ...(chance(0.7) && { title: 'A page' }),
      ...(chance(0.3) && { description: 'Of a form' }),
      ...(chance(0.2) && { required: [pick(names)] }),
      properties: Object.fromEntries(many(0, 2, () => [pick(names), rule()])),
      ...(chance(0.1) && { additionalProperties: false }),
      ...(chance(0.1) && { dependencies: { flag: ['count'] } }),
    });
    if (chance(0.3)) return {};
    return { parameters: chance(0.3) ? page() : many(0, 3, page) };
  }

  function randomFiles() {
    const scope = { ids: [], inEach: false };
    const line = () => pick([text, () => 'plain', () => '{{ cookiecutter.name }} ${{ values.a }}'])(scope);
    const content = () => many(0, 3, line).join('\n').replaceAll('parameters', 'values');
    const paths = ['a.txt', 'b.md.njk', 'c.tpl', '.hidden', 'sub/d.txt', 'sub/${{ values.name }}.md'];
    const whole = {
      'skeleton/kept.txt': '{% if values.a %}\n  yes\n{% endif %}\n',
      'skeleton/sub/kept.txt': 'kept',
    };
    return {
      ...whole,
      ...Object.fromEntries(paths.filter(() => chance(0.7)).map(file => [`skeleton/${file}`, content()])),
    };
  }
}
