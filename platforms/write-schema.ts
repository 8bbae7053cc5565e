import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { editorSchemaText } from './editor-schema.ts';

// Run from the compiled file's place, `dist/platforms`.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
writeFileSync(join(root, 'platforms', 'schema', 'platform.schema.json'), editorSchemaText());
