// The line to the server's process: a question, then its answer, at once. No time passes, no order is left to chance.
import { openSync, readSync, writeSync } from "node:fs";

export interface Told { [member: string]: unknown }

export class Pipe {
  private readonly out: number;
  private readonly in: number;
  private rest = Buffer.alloc(0);
  private readonly room = Buffer.alloc(65536);

  constructor(questions: string, answers: string) {
    this.out = openSync(questions, "w");
    this.in = openSync(answers, "r");
  }

  ask(question: Told, body: Uint8Array = new Uint8Array()): { told: Told; body: Buffer } {
    const line = Buffer.from(`${JSON.stringify({ ...question, length: body.length })}\n`);
    const whole = Buffer.concat([line, body]);
    for (let sent = 0; sent < whole.length;) sent += writeSync(this.out, whole, sent);
    const told = JSON.parse(this.line()) as Told & { length: number };
    return { told, body: this.take(told.length) };
  }

  private line(): string {
    for (;;) {
      const end = this.rest.indexOf(10);
      if (end >= 0) return this.take(end + 1).toString();
      this.more();
    }
  }
  private take(size: number): Buffer {
    while (this.rest.length < size) this.more();
    const taken = this.rest.subarray(0, size);
    this.rest = this.rest.subarray(size);
    return taken;
  }
  private more(): void {
    const got = readSync(this.in, this.room);
    if (got === 0) throw new Error("the server's process has ended");
    this.rest = Buffer.concat([this.rest, this.room.subarray(0, got)]);
  }
}
