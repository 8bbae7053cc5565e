import type { Expression, Instruction } from '../../isa/index.ts';

/**
 * What an instruction computes, written out: the same for one that takes its second operand from a register and one that has it as
 * an immediate. `undefined` of instructions that do more than write what they compute of such operands.
 */
function computationOf({ effects, timing }: Instruction): string | undefined {
  const [effect, more] = effects;
  if (timing !== 'integer' || more !== undefined) return undefined;
  if (effect?.effect !== 'write' || 'action' in effect.value) return undefined;
  return written(effect.value);
}

function written(node: Expression): string | undefined {
  switch (node.kind) {
    case 'register':
      return node.operand === 'rs1' ? 'first' : 'second';
    case 'immediate':
      return 'second';
    case 'unary': {
      const operand = written(node.operand);
      return operand && `${node.op}(${operand})`;
    }
    case 'binary': {
      const [left, right] = [written(node.left), written(node.right)];
      return left && right && `${node.op}(${left}, ${right})`;
    }
    default:
      return undefined;
  }
}

/** Each instruction that computes the same of a register as another of an immediate operand, and that one, both ways. */
export function twinsOf(
  instructions: readonly Instruction[],
): ReadonlyMap<Instruction, Instruction> {
  const twins = new Map<Instruction, Instruction>();
  const known = new Map<string, Instruction>();
  for (const instruction of instructions) {
    const computation = computationOf(instruction);
    if (computation === undefined) continue;
    const other = known.get(computation);
    known.set(computation, instruction);
    if (other === undefined) continue;
    twins.set(instruction, other);
    twins.set(other, instruction);
  }
  return twins;
}
