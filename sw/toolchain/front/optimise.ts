import { binaryen, type BinaryenModule } from './assemblyscript.ts';

/** Binaryen inlines single callers of any size by default, which would melt a program into one function. */
const inlineSizes = { always: 6, oneCaller: 60, flexible: 40 } as const;

/** The whole 32-bit range in 64 KiB pages: static data is linked below 4 GiB. */
const memoryPages = 65536;

/** Declares the memory that the code already assumes: the compiler emits 64-bit addresses but a 32-bit memory. */
function declareMemory(module: BinaryenModule): void {
  const { Memory64, SignExt, MutableGlobals } = binaryen.Features;
  module.removeExport('memory');
  module.setMemory(1, memoryPages, 'memory', [], false, true, '0');
  module.setFeatures(module.getFeatures() | Memory64 | SignExt | MutableGlobals);
  if (!module.validate()) throw new Error('the AssemblyScript compiler produced an invalid module');
}

/** Runs Binaryen's passes at -O3; locals end in near-SSA form, which the register allocator merges again. */
export function optimiseModule(module: BinaryenModule): void {
  declareMemory(module);
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  binaryen.setDebugInfo(true);
  binaryen.setTrapsNeverHappen(true);
  binaryen.setFlexibleInlineMaxSize(inlineSizes.flexible);
  binaryen.setOneCallerInlineMaxSize(inlineSizes.oneCaller);
  binaryen.setAlwaysInlineMaxSize(inlineSizes.always);
  module.optimize();
  module.optimize();
  module.runPasses(['ssa-nomerge']);
}
