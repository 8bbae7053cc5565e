import test from 'ava';
import { TrapSignal } from '../../../hw/engine/index.ts';
import { Cause, encode, type SystemOperation } from '../../../hw/isa/index.ts';
import { FlatContext } from './flat-context.ts';

const PC = 0x8000_0000n;

function hart(x1 = 0n, x2 = 0n): FlatContext {
  const context = new FlatContext();
  context.state.pc = PC;
  context.state.x[1] = BigInt.asUintN(64, x1);
  context.state.x[2] = BigInt.asUintN(64, x2);
  return context;
}

const taken: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  beq: (a, b) => a === b,
  bne: (a, b) => a !== b,
  blt: (a, b) => a < b,
  bge: (a, b) => a >= b,
  bltu: (a, b) => BigInt.asUintN(64, a) < BigInt.asUintN(64, b),
  bgeu: (a, b) => BigInt.asUintN(64, a) >= BigInt.asUintN(64, b),
};

for (const [name, condition] of Object.entries(taken)) {
  test(`${name} goes to its target if and only if its condition holds`, (t) => {
    const corners = [0n, 1n, -1n, 2n, (1n << 63n) - 1n, -(1n << 63n)];
    for (const a of corners) {
      for (const b of corners) {
        const context = hart(a, b);
        context.step(encode(name as 'beq', { rs1: 1, rs2: 2, imm: -8 }));
        t.is(context.state.pc, condition(a, b) ? PC - 8n : PC + 4n);
      }
    }
  });
}

test('jal links the following instruction and goes to pc plus offset', (t) => {
  const context = hart();
  context.step(encode('jal', { rd: 1, imm: 0x1000 }));
  t.is(context.state.pc, PC + 0x1000n);
  t.is(context.state.x[1], PC + 4n);
});

test('jalr reads its base before it links, and clears bit 0 of the target', (t) => {
  const context = hart(0x1001n);
  context.step(encode('jalr', { rd: 1, rs1: 1, imm: 4 }));
  t.is(context.state.pc, 0x1004n);
  t.is(context.state.x[1], PC + 4n);
});

test('a taken transfer to a misaligned target traps on itself and links nothing', (t) => {
  for (const word of [
    encode('jal', { rd: 3, imm: 2 }),
    encode('jalr', { rd: 3, rs1: 0, imm: 0x102 }),
    encode('beq', { rs1: 0, rs2: 0, imm: 6 }),
  ]) {
    const context = hart();
    const signal = t.throws(
      () => {
        context.step(word);
      },
      { instanceOf: TrapSignal },
    );
    t.is(signal.cause, Cause.instructionAddressMisaligned);
    t.is(signal.tval & 3n, 2n);
    t.is(context.state.pc, PC);
    t.is(context.state.x[3], 0n);
  }
});

test('a branch that is not taken may have a misaligned target', (t) => {
  const context = hart(1n);
  context.step(encode('beq', { rs1: 1, rs2: 0, imm: 6 }));
  t.is(context.state.pc, PC + 4n);
});

test('ebreak raises a breakpoint exception with its own address', (t) => {
  const context = hart();
  const signal = t.throws(
    () => {
      context.step(encode('ebreak', {}));
    },
    { instanceOf: TrapSignal },
  );
  t.is(signal.cause, Cause.breakpoint);
  t.is(signal.tval, PC);
});

const asks = test.macro<[word: number, operation: SystemOperation, values: bigint[], pc: bigint]>({
  exec: (t, word, operation, values, pc) => {
    const context = hart(0x11n, 0x22n);
    context.answer = 0x77n;
    context.step(word);
    t.is(context.requests.length, 1);
    t.is(context.requests[0]?.operation, operation);
    t.deepEqual(context.requests[0]?.values, values);
    t.is(context.state.pc, pc);
  },
  title: (what, _word, operation) => `${what ?? ''} asks the hart for ${operation}`,
});

const next = PC + 4n;
test('csrrw', asks, encode('csrrw', { rd: 3, csr: 0x300, rs1: 1 }), 'csrWrite', [0x11n], next);
test('csrrs', asks, encode('csrrs', { rd: 3, csr: 0x300, rs1: 1 }), 'csrSet', [0x11n], next);
test('csrrc', asks, encode('csrrc', { rd: 3, csr: 0x300, rs1: 1 }), 'csrClear', [0x11n], next);
test('csrrs from x0', asks, encode('csrrs', { rd: 3, csr: 0x300, rs1: 0 }), 'csrRead', [], next);
test('csrrc from x0', asks, encode('csrrc', { rd: 3, csr: 0x300, rs1: 0 }), 'csrRead', [], next);
test('csrrwi 0', asks, encode('csrrwi', { rd: 3, csr: 0x300, uimm: 0 }), 'csrWrite', [0n], next);
test('csrrsi', asks, encode('csrrsi', { rd: 3, csr: 0x300, uimm: 9 }), 'csrSet', [9n], next);
test('csrrsi 0', asks, encode('csrrsi', { rd: 3, csr: 0x300, uimm: 0 }), 'csrRead', [], next);
test('csrrci', asks, encode('csrrci', { rd: 3, csr: 0x300, uimm: 9 }), 'csrClear', [9n], next);
test('csrrci 0', asks, encode('csrrci', { rd: 3, csr: 0x300, uimm: 0 }), 'csrRead', [], next);
test('fence', asks, encode('fence', { pred: 15, succ: 15 }), 'fence', [], next);
test('fence.i', asks, encode('fence.i', {}), 'fenceI', [], next);
test('wfi', asks, encode('wfi', {}), 'wfi', [], next);
test(
  'sfence.vma',
  asks,
  encode('sfence.vma', { rs1: 1, rs2: 2 }),
  'sfenceVma',
  [0x11n, 0x22n],
  next,
);
test(
  'hfence.vvma',
  asks,
  encode('hfence.vvma', { rs1: 1, rs2: 2 }),
  'hfenceVvma',
  [0x11n, 0x22n],
  next,
);
test(
  'hfence.gvma',
  asks,
  encode('hfence.gvma', { rs1: 1, rs2: 2 }),
  'hfenceGvma',
  [0x11n, 0x22n],
  next,
);
test(
  'hufence.vvma',
  asks,
  encode('hufence.vvma', { rs1: 1, rs2: 2 }),
  'hufenceVvma',
  [0x11n, 0x22n],
  next,
);
test(
  'hufence.gvma',
  asks,
  encode('hufence.gvma', { rs1: 1, rs2: 2 }),
  'hufenceGvma',
  [0x11n, 0x22n],
  next,
);
test('mret leaves the pc to the hart and', asks, encode('mret', {}), 'mret', [], PC);
test('sret leaves the pc to the hart and', asks, encode('sret', {}), 'sret', [], PC);
test('huret leaves the pc to the hart and', asks, encode('huret', {}), 'huret', [], PC);
test('ecall leaves the pc to the hart and', asks, encode('ecall', {}), 'ecall', [], PC);

test('a CSR access writes the old value to its destination, unless that is x0', (t) => {
  const context = hart(1n);
  context.answer = 0x77n;
  context.step(encode('csrrw', { rd: 3, csr: 0x300, rs1: 1 }));
  t.is(context.state.x[3], 0x77n);
  context.step(encode('csrrw', { rd: 0, csr: 0x300, rs1: 1 }));
  t.is(context.state.x[0], 0n);
});

test('a CSR access whose destination is its source passes the old value on', (t) => {
  const context = hart(0x11n);
  context.answer = 0x77n;
  context.step(encode('csrrw', { rd: 1, csr: 0x300, rs1: 1 }));
  t.deepEqual(context.requests[0]?.values, [0x11n]);
  t.is(context.state.x[1], 0x77n);
});
