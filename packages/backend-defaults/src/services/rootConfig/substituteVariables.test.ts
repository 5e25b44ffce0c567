// Tests the substitution of variables in strings.
import fc from 'fast-check';
import { firstVariable, substituteVariables } from './substituteVariables';

const env = { HOST: 'example.com', PORT: ' 80\n', EMPTY: '' };

describe('substituteVariables', () => {
  it.each([
    ['https://${HOST}:${PORT}/', 'https://example.com:80/'],
    ['${ HOST }', 'example.com'],
    ['[${EMPTY}]', '[]'],
    ['${MISSING}', undefined],
    ['https://${HOST}/${MISSING}', undefined],
    ['${MISSING:-localhost:3000}', 'localhost:3000'],
    ['${EMPTY:-fallback}', 'fallback'],
    ['${HOST:-fallback}', 'example.com'],
    ['${MISSING:- a b }', 'a b'],
    ['${MISSING:-}', undefined],
    ['${EMPTY:-}${MISSING:-}', undefined],
    ['${EMPTY}', ''],
    ['/${MISSING:-}', '/'],
    ['$${HOST}', '${HOST}'],
    ['$${HOST} ${HOST}', '${HOST} example.com'],
    ['$${{ parameters.x }}', '${{ parameters.x }}'],
    ['${{ parameters.x }}', '${{ parameters.x }}'],
    ['$HOST {HOST} ${}', '$HOST {HOST} ${}'],
    ['${constructor}${HOST}', undefined],
    ['${__proto__:-none}', 'none'],
    ['${HOST}${HOST:-', 'example.com${HOST:-'],
    ['${HOST}$${HOST:-', 'example.com${HOST:-'],
  ])('%j becomes %j', (text, expected) => {
    expect(substituteVariables(text, env)).toBe(expected);
  });

  it('tells the values that were put in, not the defaults', () => {
    const values: string[] = [];
    substituteVariables('${HOST} ${MISSING:-x} ${EMPTY:-y} $${PORT}', env, value => values.push(value));
    expect(values).toEqual(['example.com']);
  });

  it('takes no longer for each of many defaults that never end', () => {
    const text = '${A:-'.repeat(50_000);
    const begin = performance.now();
    expect(substituteVariables(text, {})).toBe(text);
    expect(firstVariable(text)).toBeUndefined();
    // Twenty seconds where each is read to the end of the text.
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  it('gives back any text whose ${ are escaped', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('$', '{', '}', 'A', ':-', ' ', '${', 'x')), parts => {
        const text = parts.join('');
        // An escape is for `${` that does not follow another `$`, which would be part of the escape.
        fc.pre(!text.includes('$${'));
        expect(
          substituteVariables(
            text.replaceAll('${', () => '$${'),
            {},
          ),
        ).toBe(text);
      }),
    );
  });
});
