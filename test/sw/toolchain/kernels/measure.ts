import { hasReferenceCompiler, runOwn, runReference } from './measurement.ts';

/** Prints the kernels' instruction counts, this compiler's against gcc's: `npx tsx test/sw/toolchain/kernels/measure.ts`. */
function measure(): void {
  const own = runOwn();
  const reference = hasReferenceCompiler() ? runReference() : [];
  const lines = own.map(({ name, instructionCount }, k) => {
    const other = reference[k]?.instructionCount;
    const ratio = other === undefined ? '-' : (instructionCount / other).toFixed(2);
    return `| ${name} | ${instructionCount} | ${other ?? '-'} | ${ratio} |`;
  });
  const sum = (runs: readonly { readonly instructionCount: number }[]) =>
    runs.reduce((total, { instructionCount }) => total + instructionCount, 0);
  const total = reference.length > 0 ? (sum(own) / sum(reference)).toFixed(2) : '-';
  const head = ['| kernel | instructions | gcc -O2 | factor |', '| --- | --- | --- | --- |'];
  console.log(
    [...head, ...lines, `| all | ${sum(own)} | ${sum(reference)} | ${total} |`].join('\n'),
  );
}

measure();
