import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedModules } from './front/generated-modules.ts';
import { projectRoot } from './image/project-root.ts';

/**
 * Writes the generated modules `rv/csr`, `rv/cause` and `rv/interrupt` where `sw/tsconfig.assemblyscript.json` looks for them, so
 * that an editor knows their names: `node dist/sw/toolchain/write-editor-modules.js`. Builds of images do not need it.
 */
for (const [name, text] of Object.entries(generatedModules)) {
  const file = join(projectRoot(), 'dist/assemblyscript', `${name}.ts`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text());
}
