export {
  defineAssembly,
  type AssemblyFunction,
  type SourceFacts,
} from './assembly/assembly-function.ts';
export type { Label, MacroAssembler, Target } from './assembly/macro-assembler.ts';
export { registers, type Register, type RegisterName } from './assembly/register.ts';
export { defineImage, type Blob, type ImageDescription } from './image/image-description.ts';
