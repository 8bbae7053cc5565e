type IntegerType = 'i64' | 'u64' | 'i32' | 'u32' | 'i16' | 'u8';

const types: readonly IntegerType[] = ['i64', 'u64', 'i32', 'u32', 'i16', 'u8'];
const constants = [
  ...['0', '1', '2', '3', '7', '31', '63', '127', '255', '2047', '2048', '4095', '65535'],
  ...['0x7fffffff', '0x80000000', '0xffffffff', '0x123456789', '0x8000000000000000'],
];
const operators = ['+', '-', '*', '&', '|', '^'];
const comparisons = ['<', '<=', '>', '>=', '==', '!='];

/** Writes random AssemblyScript functions; the same seed gives the same text. */
export class RandomSource {
  #state: number;
  #locals: { readonly name: string; readonly type: IntegerType }[] = [];
  #loopDepth = 0;
  #loopCount = 0;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** A file of exported functions. */
  file(functionCount: number): string {
    const bodies = Array.from({ length: functionCount }, (_, k) => this.#function(`f${k}`, k));
    return [`const area: usize = 0x200000;`, ...bodies].join('\n');
  }

  #below(bound: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % bound;
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T;
  }

  #function(name: string, index: number): string {
    this.#locals = Array.from({ length: 3 + this.#below(3) }, (_, k) => ({
      name: `p${k}`,
      type: this.#pick(types),
    }));
    const parameters = this.#locals.map((local) => `${local.name}: ${local.type}`).join(', ');
    const result = this.#pick(types);
    const declarations = Array.from({ length: 1 + this.#below(6) }, (_, k) => {
      const type = this.#pick(types);
      const line = `let v${k}: ${type} = ${this.#expression(type, 2)};`;
      this.#locals.push({ name: `v${k}`, type });
      return line;
    });
    const callee = index > 0 && this.#below(3) === 0 ? `f${this.#below(index)}` : undefined;
    const statements = Array.from({ length: 2 + this.#below(6) }, () => this.#statement(3));
    if (callee) statements.push(this.#call(callee));
    const sum = this.#locals.map((local) => `<${result}>${local.name}`).join(' ^ ');
    const lines = [...declarations, ...statements, `return ${sum};`];
    this.#signatures.set(
      name,
      this.#locals.slice(0, parameters.split(',').length).map((l) => l.type),
    );
    return `export function ${name}(${parameters}): ${result} {\n${lines.join('\n')}\n}`;
  }

  readonly #signatures = new Map<string, readonly IntegerType[]>();

  #call(callee: string): string {
    const operands = (this.#signatures.get(callee) ?? []).map((type) => this.#expression(type, 2));
    const target = this.#pick(this.#locals);
    return `${target.name} = <${target.type}>${callee}(${operands.join(', ')});`;
  }

  #statement(depth: number): string {
    const kind = depth === 0 ? 0 : this.#below(8);
    const target = this.#pick(this.#locals);
    switch (kind) {
      case 1:
        return `if (${this.#condition(2)}) { ${this.#block(depth - 1)} } else { ${this.#block(depth - 1)} }`;
      case 2:
        return `if (${this.#condition(2)}) { ${this.#block(depth - 1)} }`;
      case 3:
      case 4:
        return this.#loop(depth);
      case 5: {
        const cases = Array.from({ length: 2 + this.#below(6) }, (_, k) => {
          const leave = this.#below(3) > 0 ? 'break;' : '';
          return `case ${k + this.#below(3) * 8}: ${this.#statement(0)} ${leave}`;
        });
        const unique = new Map(cases.map((text) => [text.slice(0, text.indexOf(':')), text]));
        const selector = `(<i32>(${this.#expression('i32', 1)}) & 15)`;
        return `switch (${selector}) { ${[...unique.values()].join(' ')} default: ${this.#statement(0)} }`;
      }
      case 6: {
        const offset = this.#below(64) * 8;
        const type = this.#pick(types);
        return `store<${type}>(area + ((<usize>(${this.#expression('u32', 1)}) & 63) << 3), ${this.#expression(type, 2)}, ${offset});`;
      }
      default:
        return `${target.name} = ${this.#expression(target.type, 3)};`;
    }
  }

  #loop(depth: number): string {
    if (this.#loopDepth === 2) return this.#statement(0);
    this.#loopDepth += 1;
    this.#loopCount += 1;
    const counter = `n${this.#loopCount}`;
    const limit = 1 + this.#below(5);
    const leave = this.#below(2) === 0 ? `if (${this.#condition(1)}) break;` : '';
    const next = this.#below(3) === 0 ? `if (${this.#condition(1)}) continue;` : '';
    const text = `for (let ${counter}: i32 = 0; ${counter} < ${limit}; ${counter}++) { ${next} ${this.#block(depth - 1)} ${leave} }`;
    this.#loopDepth -= 1;
    return text;
  }

  #block(depth: number): string {
    return Array.from({ length: 1 + this.#below(2) }, () => this.#statement(depth)).join(' ');
  }

  #condition(depth: number): string {
    const type = this.#pick(types);
    if (depth > 0 && this.#below(3) === 0) {
      const operator = this.#pick(['&&', '||']);
      return `((${this.#condition(depth - 1)}) ${operator} (${this.#condition(depth - 1)}))`;
    }
    const side = () => `<${type}>(${this.#expression(type, depth)})`;
    return `${side()} ${this.#pick(comparisons)} ${side()}`;
  }

  #expression(type: IntegerType, depth: number): string {
    const kind = depth === 0 ? this.#below(2) : this.#below(12);
    const bits = Number(type.slice(1));
    switch (kind) {
      case 0:
        return `<${type}>${this.#pick(constants)}`;
      case 1: {
        const local = this.#pick(this.#locals);
        return local.type === type ? local.name : `<${type}>${local.name}`;
      }
      case 2: {
        const from = this.#pick(types);
        return `<${type}>(${this.#expression(from, depth - 1)})`;
      }
      case 3:
        return `(${this.#condition(depth - 1)} ? ${this.#expression(type, depth - 1)} : ${this.#expression(type, depth - 1)})`;
      case 4: {
        const amount = this.#below(2)
          ? String(this.#below(bits))
          : `(${this.#expression(type, 1)} & <${type}>${bits - 1})`;
        return `(${this.#expression(type, depth - 1)} ${this.#pick(['<<', '>>'])} <${type}>${amount})`;
      }
      case 5: {
        const divisor = this.#below(2)
          ? `<${type}>${this.#pick(['3', '7', '10', '16', '100'])}`
          : `(((${this.#expression(type, depth - 1)}) & <${type}>31) + <${type}>1)`;
        return `((${this.#expression(type, depth - 1)}) ${this.#pick(['/', '%'])} ${divisor})`;
      }
      case 6:
        return `load<${type}>(area + ((<usize>(${this.#expression('u32', depth - 1)}) & 63) << 3), ${this.#below(32) * 8})`;
      case 7: {
        const wide = bits === 64 ? 'u64' : 'u32';
        const name = this.#pick(['rotl', 'rotr']);
        return `<${type}>${name}<${wide}>(<${wide}>(${this.#expression(type, depth - 1)}), <${wide}>(${this.#expression(type, 1)}))`;
      }
      case 8: {
        const wide = bits === 64 ? 'u64' : 'u32';
        const name = this.#pick(['clz', 'ctz', 'popcnt']);
        return `<${type}>${name}<${wide}>(<${wide}>(${this.#expression(type, depth - 1)}))`;
      }
      default: {
        const operator = this.#pick(operators);
        return `(${this.#expression(type, depth - 1)} ${operator} ${this.#expression(type, depth - 1)})`;
      }
    }
  }
}
