const barWidth = 46;
const gap = 14;
const groupGap = 46;
const plotHeight = 260;
const top = 60;
const left = 30;
const colours = ['#4472a8', '#d08c40', '#5d9b62', '#a65b7d'];

/** One bar, in parts from the bottom up. */
export interface Bar {
  /** Two lines below it. */
  readonly labels: readonly [string, string];
  readonly parts: readonly { readonly name: string; readonly cycles: number }[];
}

/** Bars with one scale. */
export interface BarGroup {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Names of the parts, by colour. */
  readonly legend: readonly string[];
}

/** Groups of bars beside each other as SVG. */
export function barChart(groups: readonly BarGroup[]): string {
  const shapes: string[] = [];
  let x = left;
  for (const { title, bars, legend } of groups) {
    const most = Math.max(...bars.map(({ parts }) => sumOf(parts)));
    shapes.push(text(x, top - 30, title, 'start', 14), ...legendAt(x, legend));
    for (const bar of bars) {
      shapes.push(...drawn(bar, x, most));
      x += barWidth + gap;
    }
    x += groupGap;
  }
  const height = top + plotHeight + 120;
  const size = `width="${String(x)}" height="${String(height)}"`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif">`;
  return `${[head, '<rect width="100%" height="100%" fill="white"/>', ...shapes, '</svg>'].join('\n')}\n`;
}

function sumOf(parts: Bar['parts']): number {
  return parts.reduce((sum, { cycles }) => sum + cycles, 0);
}

function drawn({ labels, parts }: Bar, x: number, most: number): readonly string[] {
  let y = top + plotHeight;
  const boxes = parts.map(({ cycles }, index) => {
    const height = (plotHeight * cycles) / most;
    y -= height;
    const place = `x="${String(x)}" y="${y.toFixed(2)}" width="${String(barWidth)}"`;
    return `<rect ${place} height="${height.toFixed(2)}" fill="${colours[index] ?? '#888'}"/>`;
  });
  const middle = x + barWidth / 2;
  const [upper, lower] = labels;
  return [
    ...boxes,
    text(middle, y - 5, sumOf(parts).toFixed(0), 'middle', 11),
    text(middle, top + plotHeight + 15, upper, 'middle', 11),
    text(middle, top + plotHeight + 29, lower, 'middle', 11),
  ];
}

function legendAt(x: number, names: readonly string[]): readonly string[] {
  return names.flatMap((name, index) => {
    const y = top + plotHeight + 44 + 16 * index;
    const box = `<rect x="${String(x)}" y="${String(y)}" width="10" height="10" fill="${colours[index] ?? '#888'}"/>`;
    return [box, text(x + 15, y + 9, name, 'start', 11)];
  });
}

function text(x: number, y: number, words: string, anchor: string, size: number): string {
  const place = `x="${String(x)}" y="${y.toFixed(2)}" text-anchor="${anchor}" font-size="${String(size)}"`;
  return `<text ${place}>${words}</text>`;
}
