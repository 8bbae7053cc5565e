import test from 'ava';
import { readdirSync } from 'node:fs';
import { elaborate, loadPlatform } from '../../platforms/index.ts';
import { editorSchemaText } from '../../platforms/editor-schema.ts';
import { inProject } from '../harness/project-root.ts';
import { readFromProject } from './report.ts';

const names = readdirSync(inProject('platforms')).filter((name) => name.endsWith('.yaml'));

for (const name of names) {
  test(`${name} is valid, bears its file's name and elaborates with every input driven`, (t) => {
    const platform = loadPlatform(`platforms/${name}`, { readText: readFromProject });
    t.is(`${platform.name}.yaml`, name);
    const machine = elaborate(platform);
    t.is(machine.harts.length, platform.harts.count);
    t.deepEqual(machine.circuit.undrivenInputs(), []);
  });
}

test('the JSON Schema for editors is current (npm run schema)', (t) => {
  t.is(readFromProject('platforms/schema/platform.schema.json'), editorSchemaText());
});
