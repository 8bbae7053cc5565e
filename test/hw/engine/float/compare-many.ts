import { conversionOperands, Random, randomOperand } from './operands.ts';
import { modes } from './reference-rounding.ts';
import { difference, subjects } from './subjects.ts';

/**
 * Compares every operation with the reference on many random operands, in all rounding modes in turn:
 * `npm run float -- 1000000`; a second argument names the operations by how they begin.
 */
const count = Number(process.argv[2] ?? 1_000_000);
const only = process.argv[3];
let wrong = 0;

for (const subject of subjects) {
  if (only !== undefined && !subject.name.startsWith(only)) continue;
  const random = new Random(BigInt(subject.name.length) * 0x1234_5678_9abc_def1n);
  const { from } = subject.statics;
  const specials = conversionOperands(from);
  const start = process.hrtime.bigint();
  for (let run = 0; run < count; run++) {
    const first = run < specials.length ? (specials[run] ?? 0n) : randomOperand(random, from, 0n);
    const operands = [first];
    while (operands.length < subject.arity) operands.push(randomOperand(random, from, first));
    const found = difference(subject, operands, modes[run % modes.length] ?? 0);
    if (found === undefined) continue;
    wrong += 1;
    if (wrong < 20) console.log(found);
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  console.log(`${subject.name}: ${String(count)} in ${seconds.toFixed(0)} s`);
}
console.log(wrong === 0 ? 'no difference' : `${String(wrong)} differences`);
process.exitCode = wrong === 0 ? 0 : 1;
