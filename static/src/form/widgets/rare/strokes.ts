// Lines drawn by a finger: kept as points of the paper, so that the last one can be taken back and the picture made at any size.

export interface Point { x: number; y: number }
export interface Stroke { colour: string; width: number; points: Point[] }

/** Through the middles between points: round, as a pen draws. */
export function paint(context: CanvasRenderingContext2D, strokes: readonly Stroke[]): void {
  context.lineCap = context.lineJoin = "round";
  for (const { colour, width, points } of strokes) {
    const [first, ...rest] = points;
    if (!first) continue;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(first.x, first.y);
    let before = first;
    for (const point of rest) {
      context.quadraticCurveTo(before.x, before.y, (before.x + point.x) / 2, (before.y + point.y) / 2);
      before = point;
    }
    context.lineTo(before.x, before.y + (rest.length === 0 ? 0.1 : 0));
    context.stroke();
  }
}

/** Where a pointer stands on the paper, whatever size the paper has on the screen. */
export function onPaper({ clientX, clientY }: { clientX: number; clientY: number }, box: { left: number; top: number; width: number; height: number }, paper: { width: number; height: number }): Point {
  return { x: ((clientX - box.left) / box.width) * paper.width, y: ((clientY - box.top) / box.height) * paper.height };
}
