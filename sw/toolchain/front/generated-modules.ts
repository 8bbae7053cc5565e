import { Cause, csrs, Interrupt } from '../../../hw/isa/index.ts';

function constantLine(name: string, type: 'i32' | 'u64', value: number | bigint): string {
  return `export const ${name}: ${type} = 0x${value.toString(16)};`;
}

/** CSR numbers, and the mask and lowest bit of each field. */
function csrModule(): string {
  const lines: string[] = [];
  for (const csr of csrs) {
    lines.push(constantLine(csr.name, 'i32', csr.address));
    for (const [name, field] of Object.entries(csr.fields)) {
      lines.push(constantLine(`${csr.name}_${name}`, 'u64', field.mask));
      lines.push(constantLine(`${csr.name}_${name}_shift`, 'i32', field.low));
    }
  }
  return lines.join('\n');
}

function numbersModule(numbers: Readonly<Record<string, number>>): string {
  return Object.entries(numbers)
    .map(([name, number]) => constantLine(name, 'u64', number))
    .join('\n');
}

/** AssemblyScript modules written from the tables of hw/isa: `import * as csr from 'rv/csr'`. */
export const generatedModules: Readonly<Record<string, () => string>> = {
  'rv/csr': csrModule,
  'rv/cause': () => numbersModule(Cause),
  'rv/interrupt': () => numbersModule(Interrupt),
};
