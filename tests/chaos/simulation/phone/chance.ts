// Chance that a seed decides: the same seed, the same history.

export class Chance {
  private state: number;
  constructor(seed: number) { this.state = (seed * 2654435761 + 0x9e3779b9) >>> 0; }

  /** In [0, 1): mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  below(limit: number): number { return Math.floor(this.next() * limit); }
  between(least: number, most: number): number { return least + this.below(most - least + 1); }
  happens(share: number): boolean { return this.next() < share; }
  bytes(size: number): Uint8Array<ArrayBuffer> { return Uint8Array.from({ length: size }, () => this.below(256)); }
  /** One of the names, by their weights. */
  pick<Name extends string>(weights: Record<Name, number>): Name {
    const rows = Object.entries(weights) as [Name, number][];
    let at = this.next() * rows.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of rows) if ((at -= weight) < 0) return name;
    return (rows.at(-1) as [Name, number])[0];
  }
}
