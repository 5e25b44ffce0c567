// The rules for a file: its opening sentence, its length, its name, and the words that it must not contain.
import { basename } from 'node:path';

const maxSourceLines = 250;
// The content of example templates becomes part of other repositories.
const isCode = path =>
  /\.(ts|mts|cts|js|mjs|cjs)$/.test(path) && !/^packages\/example-[^/]+\/entities\//.test(path);
const isTest = path => /\.test\.\w+$/.test(path);
const isGenerated = path => path === 'yarn.lock' || /(^|\/)(report\.api\.md|CHANGELOG\.md)$/.test(path);

const dumpNames = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'types', 'shared', 'functions'];
const weakEndings = /(Impl|Manager|Handler2)$/;

// Written as patterns so that this file passes its own check.
const forbiddenWords = [
  { words: /(?<![\w.~-])\/(?:work|tmp)\/\w/, reason: 'names a path of one machine' },
  { words: /(?<![\w.~-])\/(?:home|Users)\/\w+\//, reason: 'names a home folder' },
  { words: /registry\.(?:npmjs|yarnpkg)\./, reason: 'names a registry host' },
];

/** All problems with the file at `path` with the content `text`, as sentences. */
export function fileProblems(path, text) {
  if (isGenerated(path)) return [];
  const problems = forbiddenWordProblems(text);
  if (!isCode(path)) return problems;

  const name = basename(path).replace(/(\.test|\.d)?\.\w+$/, '');
  if (dumpNames.includes(name.toLowerCase())) {
    problems.push(`'${name}' says nothing about its contents; name the file after its one main export`);
  }
  if (weakEndings.test(name)) problems.push(`'${name}' ends in a word that says nothing; name what it does`);
  if (!opensWithSentence(text)) {
    problems.push('must open with a comment of one sentence that says what the file owns');
  }
  const lines = text.trimEnd().split('\n').length;
  if (!isTest(path) && lines > maxSourceLines) {
    problems.push(`has ${lines} lines; a source file has at most ${maxSourceLines}`);
  }
  return problems;
}

// The sentence may span several comment lines, but has to start on the first one and to end with a punctuation mark.
function opensWithSentence(text) {
  const withoutShebang = text.replace(/^#!.*\n/, '');
  const comment = /^(?:(?:\/\/ ?.*\n)+|\/\*[\s\S]*?\*\/)/.exec(`${withoutShebang}\n`)?.[0] ?? '';
  const words = comment.replace(/^\/\*+|\*+\/|^\s*(?:\/\/|\*)/gm, ' ').trim();
  return /^\S[\s\S]{10,}?[.!?:](\s|$)/.test(words);
}

function forbiddenWordProblems(text) {
  const problems = [];
  text.split('\n').forEach((line, index) => {
    for (const { words, reason } of forbiddenWords) {
      if (words.test(line)) problems.push(`line ${index + 1} ${reason}`);
    }
  });
  return problems;
}
