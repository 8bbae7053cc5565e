import { differences } from '../../hw/hart/index.ts';
import { disassemble, instructionLength } from '../../hw/isa/index.ts';
import type { CodeNames, Diagnostic, Divergence, Executed } from '../../platforms/index.ts';
import { groupDigits, textTable } from '../text-table.ts';

/** What the two machines execute with. */
export interface Engines {
  readonly subject: string;
  readonly reference: string;
}

/** Lines of a kind that a reader still looks at. */
const MOST_LINES = 40;
/** What is told of a hart even where both machines agree. */
const always = ['pc', 'cycle count', 'instret count'];

/** Explains where two engines part: the instruction, and both states behind it. */
export function reportDivergence(
  divergence: Divergence,
  engines: Engines,
  names: CodeNames,
): Diagnostic {
  const { suspects, agreeCycle, differCycle } = divergence;
  const blame =
    suspects.length === 1
      ? 'this instruction makes the difference:'
      : 'one of these instructions makes the difference:';
  return {
    code: 'E-RUN-005',
    message: `the engines differ: ${engines.subject} does not do what ${engines.reference} does`,
    notes: [
      `they agree at cycle ${groupDigits(agreeCycle)} and differ at cycle ${groupDigits(differCycle)}; ${blame}`,
      ...suspects.slice(0, MOST_LINES).map((executed) => `  ${placeText(executed, names)}`),
      ...statesOf(divergence, engines),
      'this is a defect of dvlab, not of your input',
    ],
    help: `the same command does the same again; --max-cycles ${String(differCycle)} ends it here`,
  };
}

function placeText({ hart, mode, pc, word, physical }: Executed, names: CodeNames): string {
  const place = `pc 0x${pc.toString(16)} ${names.describe(mode, pc)}`.trimEnd();
  const instruction = instructionLength(word) === 2 ? word & 0xffff : word;
  const text = physical === undefined ? 'not in memory' : disassemble(instruction, pc);
  return `hart ${String(hart)}  mode ${mode}  ${place}  ${text}`;
}

/** What differs, and where the harts are: before, and behind the instruction on either side. */
function statesOf(
  { suspects, before, expected, actual }: Divergence,
  { subject, reference }: Engines,
): readonly string[] {
  const differing = differences(expected, actual).map(({ name }) => name);
  const harts = new Set(suspects.map(({ hart }) => hart));
  const told = [...harts].flatMap((hart) => always.map((name) => `hart ${String(hart)} ${name}`));
  const rows = [...new Set([...differing, ...told])].slice(0, MOST_LINES).map((name) => {
    return [name, ...[before, expected, actual].map((facts) => facts.get(name) ?? 'nothing')];
  });
  return textTable([['', 'before', reference, subject], ...rows]);
}
