import test from 'ava';
import {
  buildImage,
  CompileError,
  defineAssembly,
  defineImage,
} from '../../../sw/toolchain/index.ts';

const base = 0x1_0000n;
const intrinsics = "from './sw/shared/rv';";

/** Builds a source that no file holds, and returns what the compiler says about it. */
async function messageOf(source: string): Promise<string> {
  const description = defineImage({ name: 'wrong', sources: ['wrong.ts'], entry: 'main', base });
  const texts = new Map([['wrong.ts', source]]);
  try {
    await buildImage(description, { texts });
  } catch (error) {
    if (error instanceof CompileError) return error.message;
    throw error;
  }
  return 'it compiles';
}

test('a type error has its file, line and column', async (t) => {
  const message = await messageOf('export function main(): void {\n  const a: u64 = nothing;\n}');
  t.regex(message, /^wrong\.ts:2:\d+: .*nothing/);
});

test('floating-point arithmetic is refused where it is', async (t) => {
  const source = 'export function main(a: u64): u64 {\n  return a +\n    <u64>(<f64>a * 1.5);\n}';
  t.regex(
    await messageOf(source),
    /^wrong\.ts:[23]:\d+: floating-point arithmetic is not supported/,
  );
});

test('a floating-point parameter is refused', async (t) => {
  const source = 'export function main(a: f64): i32 {\n  return a > 1 ? 1 : 0;\n}';
  t.regex(await messageOf(source), /main has a parameter that is no integer/);
});

test('more than eight parameters are refused', async (t) => {
  const names = Array.from({ length: 9 }, (_, k) => `p${k}`);
  const parameters = names.map((name) => `${name}: u64`).join(', ');
  const source = `export function main(${parameters}): u64 {\n  return ${names.join(' + ')};\n}`;
  t.regex(await messageOf(source), /^wrong\.ts:2:\d+: .*9 parameters, more than 8/);
});

test('garbage-collected objects are refused with the function that makes them', async (t) => {
  const source = 'class A {\n  x: u64;\n}\nexport function main(): u64 {\n  return new A().x;\n}';
  t.regex(await messageOf(source), /main needs the garbage-collected runtime \(__new\)/);
});

test('a CSR number that is not constant is refused where it is used', async (t) => {
  const source = `import { csrr } ${intrinsics}\nexport function main(a: i32): u64 {\n  return csrr(a);\n}`;
  t.regex(await messageOf(source), /^wrong\.ts:3:\d+: operand 1 of csrr is not a compile-time/);
});

test('an unknown CSR is refused by the compiler', async (t) => {
  const source = `import * as csr from 'rv/csr';\nexport function main(): i32 {\n  return csr.mstatuss;\n}`;
  t.regex(await messageOf(source), /^wrong\.ts:3:\d+: .*mstatuss/);
});

test('a string that is not literal is refused', async (t) => {
  const source = `import { cstr } ${intrinsics}\nexport function main(a: usize): usize {\n  return cstr(changetype<string>(a));\n}`;
  t.regex(await messageOf(source), /^wrong\.ts:3:\d+: operand 1 of cstr is not a compile-time/);
});

test('an initialiser that runs code is refused', async (t) => {
  const source = `import { csrr } ${intrinsics}\nlet hart = csrr(0xf14);\nexport function main(): u64 {\n  return hart++;\n}`;
  t.regex(
    await messageOf(source),
    /initialiser of a global variable is not a compile-time constant/,
  );
});

test('a call of a function that nobody defines names it', async (t) => {
  const source =
    'declare function missing(): u64;\nexport function main(): u64 {\n  return missing();\n}';
  t.regex(await messageOf(source), /image wrong: undefined symbol missing/);
});

test('an entry that nobody defines is refused', async (t) => {
  t.regex(await messageOf('export function other(): void {}'), /undefined symbol main/);
});

test('an assembly function that asks for an unknown field is refused by name', async (t) => {
  const body = defineAssembly('start', (a, { offsetOf }) => a.word(offsetOf('Thread', 'spp')));
  const description = defineImage({
    ...{ name: 'wrong', sources: ['wrong.ts'], entry: 'start', base, assembly: [body] },
  });
  const texts = new Map([['wrong.ts', '@unmanaged export class Thread {\n  sp: u64;\n}\n']]);
  await t.throwsAsync(buildImage(description, { texts }), {
    instanceOf: CompileError,
    message: 'assembly function start: class Thread has no field spp',
  });
});

test('data in front of the end of the code is refused', async (t) => {
  const body = defineAssembly('start', (a) => {
    for (let k = 0; k < 2000; k += 1) a.nop();
  });
  const description = defineImage({
    ...{ name: 'wrong', sources: ['wrong.ts'], entry: 'start', base, assembly: [body] },
    dataBase: base + 0x1000n,
  });
  const texts = new Map([['wrong.ts', 'export function main(): void {}']]);
  await t.throwsAsync(buildImage(description, { texts }), { message: /behind dataBase 0x11000/ });
});

test('a base that is not page aligned is refused', (t) => {
  const wrong = { name: 'wrong', sources: ['wrong.ts'], entry: 'main', base: base + 4n };
  t.throws(() => defineImage(wrong), {
    message: 'image wrong: base and dataBase must be page aligned',
  });
});
