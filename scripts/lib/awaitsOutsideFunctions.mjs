// Tells whether a program awaits outside of functions, which no CommonJS module can.
import ts from 'typescript';

/** Returns whether the TypeScript or JavaScript in `code` has such an `await`. */
export function awaitsOutsideFunctions(code) {
  const awaits = node =>
    ts.isAwaitExpression(node) ||
    (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
    (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing ||
    (!ts.isFunctionLike(node) && ts.forEachChild(node, awaits) === true);
  return awaits(ts.createSourceFile('program.ts', code, ts.ScriptTarget.Latest));
}
