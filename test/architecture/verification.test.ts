import test from 'ava';
import { readFileSync } from 'node:fs';
import { instructions } from '../../hw/isa/index.ts';
import { inProject } from '../harness/project-root.ts';
import { cornerValues } from '../hw/engine/corner-values.ts';
import { opcodeFacts } from '../hw/isa/opcode-facts.ts';
import { shapes } from '../litmus/shapes.ts';

const page = readFileSync(inProject('docs', 'verification.md'), 'utf8');

test('docs/verification.md counts instructions, corner values and litmus shapes as they are', (t) => {
  t.is(opcodeFacts.length, instructions.length);
  t.true(page.includes(`${String(opcodeFacts.length)} instructions, all of the table`));
  t.true(page.includes(`${String(cornerValues.length)} corner values`));
  t.true(page.includes(`${String(shapes.length)} shapes`));
});
