/** A control-flow graph as structured code needs it: nodes in reverse postorder, their dominators and their edges. */
export interface Flow {
  /** Nodes by their number in reverse postorder; the root is number 0. */
  readonly order: readonly number[];
  /** The number of a node, `undefined` of one that is not reached. */
  readonly numberOf: ReadonlyMap<number, number>;
  /** By number: the nodes whose immediate dominator it is, by number, ascending. */
  readonly dominated: readonly (readonly number[])[];
  /** By number: whether an edge leads back to it. */
  readonly isHeader: readonly boolean[];
  /** By number: whether several edges lead forward to it. */
  readonly isMerge: readonly boolean[];
  /** Whether an edge between two numbers can be written as structured code: any but one into the middle of a loop. */
  canFollow(from: number, to: number): boolean;
}

/** Analyses the graph that `successors` spans from `root`; nodes are any numbers. */
export function analyseFlow(root: number, successors: (node: number) => readonly number[]): Flow {
  const order = reversePostorder(root, successors);
  const numberOf = new Map(order.map((node, index) => [node, index]));
  const edges = order.map((node) =>
    successors(node).map((successor) => numberOf.get(successor) ?? 0),
  );
  const dominators = immediateDominators(edges);
  const dominates = (above: number, below: number): boolean => {
    let node = below;
    while (node > above) node = dominators[node] ?? 0;
    return node === above;
  };
  const canFollow = (from: number, to: number): boolean => to > from || dominates(to, from);
  const dominated: number[][] = order.map(() => []);
  const isHeader = order.map(() => false);
  const forward = order.map(() => 0);
  for (const [from, targets] of edges.entries()) {
    if (from > 0) dominated[dominators[from] ?? 0]?.push(from);
    for (const to of targets) {
      if (to > from) forward[to] = (forward[to] ?? 0) + 1;
      else if (dominates(to, from)) isHeader[to] = true;
    }
  }
  return {
    ...{ order, numberOf, dominated, isHeader, canFollow },
    isMerge: forward.map((count) => count > 1),
  };
}

function reversePostorder(
  root: number,
  successors: (node: number) => readonly number[],
): readonly number[] {
  const seen = new Set([root]);
  const postorder: number[] = [];
  const path: { readonly node: number; readonly rest: number[] }[] = [
    { node: root, rest: [...successors(root)] },
  ];
  for (;;) {
    const top = path.at(-1);
    if (top === undefined) return postorder.reverse();
    const next = top.rest.pop();
    if (next === undefined) {
      postorder.push(top.node);
      path.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      path.push({ node: next, rest: [...successors(next)] });
    }
  }
}

/** Immediate dominators by number in reverse postorder, as Cooper, Harvey and Kennedy find them. */
function immediateDominators(edges: readonly (readonly number[])[]): readonly number[] {
  const predecessors: number[][] = edges.map(() => []);
  for (const [from, targets] of edges.entries()) {
    for (const to of targets) predecessors[to]?.push(from);
  }
  const dominators: (number | undefined)[] = edges.map(() => undefined);
  dominators[0] = 0;
  const common = (left: number, right: number): number => {
    let [a, b] = [left, right];
    while (a !== b) {
      if (a > b) a = dominators[a] ?? 0;
      else b = dominators[b] ?? 0;
    }
    return a;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (let node = 1; node < edges.length; node += 1) {
      let dominator: number | undefined;
      for (const from of predecessors[node] ?? []) {
        if (dominators[from] === undefined) continue;
        dominator = dominator === undefined ? from : common(dominator, from);
      }
      if (dominator !== dominators[node]) {
        dominators[node] = dominator;
        changed = true;
      }
    }
  }
  return dominators.map((dominator) => dominator ?? 0);
}
