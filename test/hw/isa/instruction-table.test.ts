import test from 'ava';
import {
  Cause,
  defineInstruction,
  encode,
  extensions,
  i64,
  instructions,
  modes,
  systemOperations,
  timingClasses,
  trap,
  write,
  type Action,
  type Effect,
  type Expression,
  type Extension,
  type Instruction,
} from '../../../hw/isa/index.ts';

/** Every action that the effects of a row can perform. */
function actionsOf(effects: readonly Effect[]): Action[] {
  return effects.flatMap((effect): Action[] => {
    if (effect.effect === 'perform') return [effect.action];
    const isWrite = effect.effect === 'write' || effect.effect === 'writeFloat';
    if (isWrite && 'action' in effect.value) return [effect.value];
    if (effect.effect === 'ifZeroField') {
      return [...actionsOf(effect.whenZero), ...actionsOf(effect.otherwise)];
    }
    return [];
  });
}

function touchesMemory({ effects }: Instruction): boolean {
  const memory = ['load', 'loadReserved', 'storeConditional', 'amo'];
  return (
    effects.some(({ effect }) => effect === 'store') ||
    actionsOf(effects).some(
      (each) =>
        memory.includes(each.action) ||
        (each.action === 'system' && 'access' in systemOperations[each.operation]),
    )
  );
}

test('each row says what it does, how long it takes, where it belongs and which section says so', (t) => {
  for (const row of instructions) {
    t.true(row.effects.length > 0, `${row.name} has effects`);
    t.true(timingClasses.includes(row.timing), row.name);
    t.true(extensions.includes(row.extension), row.name);
    t.regex(row.spec, /^(unpriv|priv|duvisor) \d+(\.\d+)*$/, row.name);
  }
});

test('the timing class tells whether an instruction touches memory', (t) => {
  const memory = new Set(['load', 'store', 'loadReserved', 'storeConditional', 'atomic']);
  for (const row of instructions) t.is(memory.has(row.timing), touchesMemory(row), row.name);
});

test('a transfer of control is the first effect of its row, and no other row has one', (t) => {
  const transfers = new Set(['branch', 'jump', 'jumpRegister']);
  for (const { name, timing, effects } of instructions) {
    const positions = effects.flatMap(({ effect }, index) =>
      effect === 'branch' || effect === 'jump' ? [index] : [],
    );
    t.deepEqual(positions, transfers.has(timing) ? [0] : [], name);
  }
});

test('an operation of the hart receives as many values as it expects', (t) => {
  for (const { name, effects } of instructions) {
    for (const action of actionsOf(effects)) {
      if (action.action !== 'system') continue;
      t.is(action.values.length, systemOperations[action.operation].values, name);
    }
  }
});

/** Whether a division stands anywhere but under a condition that picks it. */
function hasUnguardedDivision(node: Expression, guarded = false): boolean {
  switch (node.kind) {
    case 'unary':
      return hasUnguardedDivision(node.operand, guarded);
    case 'binary':
      return (
        (!guarded && /div|rem/.test(node.op)) ||
        hasUnguardedDivision(node.left, guarded) ||
        hasUnguardedDivision(node.right, guarded)
      );
    case 'if':
      return (
        hasUnguardedDivision(node.condition, guarded) ||
        hasUnguardedDivision(node.whenTrue, true) ||
        hasUnguardedDivision(node.whenFalse, true)
      );
    case 'select':
      return [node.condition, node.whenTrue, node.whenFalse].some((part) =>
        hasUnguardedDivision(part, guarded),
      );
    case 'let':
      return hasUnguardedDivision(node.value, guarded) || hasUnguardedDivision(node.body, guarded);
    default:
      return false;
  }
}

test('a division is computed only where a condition has picked it', (t) => {
  for (const { name, effects } of instructions) {
    for (const effect of effects) {
      if (effect.effect !== 'write' || 'action' in effect.value) continue;
      t.false(hasUnguardedDivision(effect.value), name);
    }
  }
});

/** Extensions whose instructions are not open to everybody. */
const guarded: readonly Extension[] = [
  ...(['s', 'h', 'dv', 'dv-timer', 'dv-vipi', 'svinval', 'svinval-h'] as const),
  ...(['zicbom', 'zicboz', 'f', 'd'] as const),
];

test('instructions of the integer architecture are open to every mode in every profile', (t) => {
  for (const { name, extension, guards } of instructions) {
    if (guarded.includes(extension)) continue;
    for (const guard of Object.values(guards)) {
      t.true(
        modes.every((mode) => guard[mode] === undefined),
        name,
      );
    }
  }
});

test('semantics that ask for an operand which the picture lacks do not compile', (t) => {
  const row = {
    name: 'x',
    extension: 'i',
    syntax: '',
    timing: 'integer',
    spec: 'unpriv 2.4',
  } as const;
  const rejected = defineInstruction({
    ...row,
    encoding: '0000000 00000 rs1 000 rd 0110011',
    // @ts-expect-error the picture has no rs2
    semantics: ({ rs2 }) => [trap(Cause.breakpoint, i64.const(rs2 === undefined ? 0n : 1n))],
  });
  t.is(rejected.name, 'x');
  defineInstruction({
    ...row,
    encoding: '0000000 rs2 rs1 000 rd 0110011',
    // @ts-expect-error a comparison is 32 bits wide, a register 64
    semantics: ({ rd, rs1, rs2 }) => [write(rd, i64.eq(rs1, rs2))],
  });
  t.throws(() =>
    defineInstruction({
      ...row,
      // @ts-expect-error rs4 is not an operand
      encoding: '0000000 rs4 rs1 000 rd 0110011',
      semantics: () => [],
    }),
  );
  // @ts-expect-error addi has no rs2
  t.throws(() => encode('addi', { rd: 1, rs2: 2 }));
});
