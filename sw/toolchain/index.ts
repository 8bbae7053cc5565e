export {
  defineAssembly,
  type AssemblyFunction,
  type SourceFacts,
} from './assembly/assembly-function.ts';
export type { Label, MacroAssembler, Target } from './assembly/macro-assembler.ts';
export { registers, type Register, type RegisterName } from './assembly/register.ts';
export { defineImage, type Blob, type ImageDescription } from './image/image-description.ts';
export { buildImage } from './image/build-image.ts';
export type { BuiltImage } from './image/built-image.ts';
export { CompileError, type SourceLocation } from './diagnostics/compile-error.ts';
export { imageMap } from './image/image-map.ts';
