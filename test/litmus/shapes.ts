import { add, fence, load, type Operation, type Shape, store, swap } from './operation.ts';

const [x1, y1] = [store('x', 1), store('y', 1)];

/** A shape, and what RVWMO says of its outcome. */
function shape(
  name: string,
  harts: readonly (readonly Operation[])[],
  [verdict, outcome]: readonly ['allowed' | 'forbidden', string],
): Shape {
  return { name, harts, outcome, isAllowed: verdict === 'allowed' };
}

const storeBuffering = [
  shape(
    'store buffering',
    [
      [x1, load('y', 'r0')],
      [y1, load('x', 'r1')],
    ],
    ['allowed', 'r0=0 r1=0'],
  ),
  shape(
    'store buffering with fences',
    [
      [x1, fence(), load('y', 'r0')],
      [y1, fence(), load('x', 'r1')],
    ],
    ['forbidden', 'r0=0 r1=0'],
  ),
  shape(
    'store buffering with one fence',
    [
      [x1, fence(), load('y', 'r0')],
      [y1, load('x', 'r1')],
    ],
    ['allowed', 'r0=0 r1=0'],
  ),
  shape(
    'store buffering with fences that order writes only',
    [
      [x1, fence('w', 'w'), load('y', 'r0')],
      [y1, fence('w', 'w'), load('x', 'r1')],
    ],
    ['allowed', 'r0=0 r1=0'],
  ),
  shape(
    'store buffering with atomics, aq and rl',
    [
      [swap('x', 1, 'r2', 'aqrl'), load('y', 'r0')],
      [swap('y', 1, 'r3', 'aqrl'), load('x', 'r1')],
    ],
    ['forbidden', 'r0=0 r1=0'],
  ),
  shape(
    'store buffering with atomics, release only',
    [
      [swap('x', 1, 'r2', 'rl'), load('y', 'r0')],
      [swap('y', 1, 'r3', 'rl'), load('x', 'r1')],
    ],
    ['allowed', 'r0=0 r1=0'],
  ),
  shape(
    'store buffering where each hart also reads its own store',
    [
      [x1, load('x', 'r0'), load('y', 'r1')],
      [y1, load('y', 'r2'), load('x', 'r3')],
    ],
    ['allowed', 'r0=1 r1=0 r2=1 r3=0'],
  ),
];

const messagePassing = [
  shape(
    'message passing',
    [
      [x1, y1],
      [load('y', 'r0'), load('x', 'r1')],
    ],
    ['allowed', 'r0=1 r1=0'],
  ),
  shape(
    'message passing with fences',
    [
      [x1, fence('w', 'w'), y1],
      [load('y', 'r0'), fence('r', 'r'), load('x', 'r1')],
    ],
    ['forbidden', 'r0=1 r1=0'],
  ),
  shape(
    'message passing with a fence between the stores only',
    [
      [x1, fence('w', 'w'), y1],
      [load('y', 'r0'), load('x', 'r1')],
    ],
    ['allowed', 'r0=1 r1=0'],
  ),
  shape(
    'message passing with an address dependency',
    [
      [x1, fence('w', 'w'), y1],
      [load('y', 'r0'), load('x', 'r1', { on: 'r0', through: 'address' })],
    ],
    ['forbidden', 'r0=1 r1=0'],
  ),
  shape(
    'message passing with a control dependency',
    [
      [x1, fence('w', 'w'), y1],
      [load('y', 'r0'), load('x', 'r1', { on: 'r0', through: 'control' })],
    ],
    ['allowed', 'r0=1 r1=0'],
  ),
  shape(
    'message passing with release and acquire',
    [
      [x1, swap('y', 1, 'r2', 'rl')],
      [add('y', 0, 'r0', 'aq'), load('x', 'r1')],
    ],
    ['forbidden', 'r0=1 r1=0'],
  ),
  shape(
    'message passing with relaxed atomics',
    [
      [x1, swap('y', 1, 'r2', '')],
      [add('y', 0, 'r0', ''), load('x', 'r1')],
    ],
    ['allowed', 'r0=1 r1=0'],
  ),
];

const loadBuffering = [
  shape(
    'load buffering',
    [
      [load('x', 'r0'), y1],
      [load('y', 'r1'), x1],
    ],
    ['allowed', 'r0=1 r1=1'],
  ),
  shape(
    'load buffering with fences',
    [
      [load('x', 'r0'), fence('r', 'w'), y1],
      [load('y', 'r1'), fence('r', 'w'), x1],
    ],
    ['forbidden', 'r0=1 r1=1'],
  ),
  shape(
    'load buffering with a data and a control dependency',
    [
      [load('x', 'r0'), store('y', 1, { on: 'r0', through: 'data' })],
      [load('y', 'r1'), store('x', 1, { on: 'r1', through: 'control' })],
    ],
    ['forbidden', 'r0=1 r1=1'],
  ),
];

const coherence = [
  shape('CoRR', [[x1], [load('x', 'r0'), load('x', 'r1')]], ['forbidden', 'r0=1 r1=0']),
  shape('CoWW', [[x1, store('x', 2)], [load('x', 'r0')]], ['forbidden', 'x=1']),
  shape('CoRW', [[load('x', 'r0'), x1], [store('x', 2)]], ['forbidden', 'r0=2 x=2']),
  shape('CoRW of one hart', [[load('x', 'r0'), x1], [load('x', 'r1')]], ['forbidden', 'r0=1']),
  shape('CoWR', [[x1, load('x', 'r0')], [store('x', 2)]], ['forbidden', 'r0=0']),
  shape(
    'CoRR of two readers',
    [[x1], [store('x', 2)], [load('x', 'r0'), load('x', 'r1')], [load('x', 'r2'), load('x', 'r3')]],
    ['forbidden', 'r0=1 r1=2 r2=2 r3=1'],
  ),
];

const more = [
  shape(
    '2+2W',
    [
      [x1, store('y', 2)],
      [y1, store('x', 2)],
    ],
    ['allowed', 'x=1 y=1'],
  ),
  shape(
    '2+2W with fences',
    [
      [x1, fence('w', 'w'), store('y', 2)],
      [y1, fence('w', 'w'), store('x', 2)],
    ],
    ['forbidden', 'x=1 y=1'],
  ),
  shape(
    'S',
    [
      [store('x', 2), y1],
      [load('y', 'r0'), x1],
    ],
    ['allowed', 'r0=1 x=2'],
  ),
  shape(
    'S with a fence and a dependency',
    [
      [store('x', 2), fence('w', 'w'), y1],
      [load('y', 'r0'), store('x', 1, { on: 'r0', through: 'data' })],
    ],
    ['forbidden', 'r0=1 x=2'],
  ),
  shape(
    'R',
    [
      [x1, y1],
      [store('y', 2), load('x', 'r0')],
    ],
    ['allowed', 'r0=0 y=2'],
  ),
  shape(
    'R with fences',
    [
      [x1, fence(), y1],
      [store('y', 2), fence(), load('x', 'r0')],
    ],
    ['forbidden', 'r0=0 y=2'],
  ),
  shape(
    'write to read causality',
    [[x1], [load('x', 'r0'), fence(), y1], [load('y', 'r1'), fence(), load('x', 'r2')]],
    ['forbidden', 'r0=1 r1=1 r2=0'],
  ),
  shape(
    'IRIW',
    [[x1], [y1], [load('x', 'r0'), load('y', 'r1')], [load('y', 'r2'), load('x', 'r3')]],
    ['allowed', 'r0=1 r1=0 r2=1 r3=0'],
  ),
  shape(
    'IRIW with fences',
    [
      [x1],
      [y1],
      [load('x', 'r0'), fence('r', 'r'), load('y', 'r1')],
      [load('y', 'r2'), fence('r', 'r'), load('x', 'r3')],
    ],
    ['forbidden', 'r0=1 r1=0 r2=1 r3=0'],
  ),
  shape(
    'atomic additions of four harts',
    [
      [add('x', 1, 'r0', '')],
      [add('x', 1, 'r1', '')],
      [add('x', 1, 'r2', '')],
      [add('x', 1, 'r3', '')],
    ],
    ['forbidden', 'x=3'],
  ),
];

/** The shapes of docs/verification.md, "Litmus tests". */
export const shapes: readonly Shape[] = [
  ...storeBuffering,
  ...messagePassing,
  ...loadBuffering,
  ...coherence,
  ...more,
];
