// Tests of the graph: the shortest example of every cycle, and running each node once, after those that it waits for.
import { findCycles, runInOrder, type Edges } from './DependencyGraph';

describe('findCycles', () => {
  it.each<[string, Edges, number[][]]>([
    ['no nodes', [], []],
    ['a chain', [[1], [2], []], []],
    ['a diamond', [[1, 2], [3], [3], []], []],
    ['a node that waits for itself', [[], [1]], [[1]]],
    ['two that wait for each other', [[1], [0]], [[0, 1]]],
    ['a circle that others lead to', [[1], [2], [3], [1]], [[1, 2, 3]]],
    ['a circle entered from behind', [[], [3], [1], [2], [1]], [[1, 3, 2]]],
    ['several, by their lowest node', [[2], [3], [0], [1], [4]], [[0, 2], [1, 3], [4]]],
    ['the shortest way round a group', [[1, 2], [2], [3, 0], [0]], [[0, 2]]],
    ['a way round that leaves out what only hangs on it', [[4, 1], [2], [0], [], [3]], [[0, 1, 2]]],
    ['two circles through one node, once', [[1], [0, 2], [1]], [[0, 1]]],
    [
      'a link back to a group that is finished',
      [[1], [0], [0, 3], [2]],
      [
        [0, 1],
        [2, 3],
      ],
    ],
    ['a self link inside a larger circle', [[0, 1], [0]], [[0]]],
  ])('%s', (_, edges, cycles) => {
    expect(findCycles(edges)).toEqual(cycles);
  });

  it('a chain longer than the stack is deep', () => {
    const length = 50_000;
    const chain = Array.from({ length }, (_, at) => [at + 1 === length ? 0 : at + 1]);
    expect(findCycles(chain)[0]).toHaveLength(length);
    expect(findCycles([...chain.slice(0, -1), []])).toEqual([]);
  });
});

describe('runInOrder', () => {
  it('runs plain functions at once, each after those it waits for, and returns no promise', () => {
    const ran: number[] = [];
    expect(runInOrder([[1, 2], [2], [], []], node => void ran.push(node))).toBeUndefined();
    expect(ran).toEqual([2, 3, 1, 0]);
    expect(runInOrder([], () => Promise.resolve())).toBeUndefined();
  });

  it('runs what is independent at the same time, and waits for all of it', async () => {
    const open = new Map<number, () => void>();
    const ran: number[] = [];
    // 0 waits for 1 and 2; 3 stands alone; 4 waits for 3 and takes no time, 5 waits for 4.
    const done = runInOrder([[1, 2], [], [], [], [3], [4]], node => {
      ran.push(node);
      return node === 4 ? undefined : new Promise(resolve => open.set(node, resolve));
    });
    let over = false;
    const finished = Promise.resolve(done).then(() => (over = true));
    const finish = async (node: number) => {
      open.get(node)!();
      await new Promise(resolve => setImmediate(resolve));
    };
    expect(ran).toEqual([1, 2, 3]);
    await finish(1);
    expect(ran).toEqual([1, 2, 3]);
    await finish(3);
    expect(ran).toEqual([1, 2, 3, 4, 5]);
    await finish(2);
    expect(ran).toEqual([1, 2, 3, 4, 5, 0]);
    await finish(5);
    expect(over).toBe(false);
    await finish(0);
    expect(over).toBe(true);
    await finished;
  });

  it('waits for what begins behind a plain function', async () => {
    let finish = () => {};
    const order: string[] = [];
    const done = runInOrder([[], [0], [1]], node => {
      order.push(`run ${node}`);
      return node === 2 ? new Promise<void>(resolve => (finish = resolve)) : undefined;
    });
    const finished = Promise.resolve(done).then(() => order.push('over'));
    await new Promise(resolve => setImmediate(resolve));
    expect(order).toEqual(['run 0', 'run 1', 'run 2']);
    finish();
    await finished;
    expect(order.at(-1)).toBe('over');
  });

  it('counts several links between two nodes as one', () => {
    const ran: number[] = [];
    void runInOrder([[1, 1], []], node => void ran.push(node));
    expect(ran).toEqual([1, 0]);
  });

  it('never runs nodes in a cycle or behind one', () => {
    const ran: number[] = [];
    void runInOrder([[1], [0], [0], []], node => void ran.push(node));
    expect(ran).toEqual([3]);
  });
});
