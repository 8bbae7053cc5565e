import { writeFileSync } from 'node:fs';
import { inProject } from '../harness/project-root.ts';
import { countsOf, measured } from './measurement.ts';

for (const { name, run } of measured) {
  const path = inProject('test', 'system', 'baselines', `${name}.txt`);
  writeFileSync(path, countsOf(await run()));
}
