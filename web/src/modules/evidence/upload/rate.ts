// Bytes a second over the last seconds, and how long the rest will take at that.
const SPAN_MS = 10_000;

type Sample = { at: number; sent: number };

export class Rate {
  private samples: Sample[] = [];

  add(at: number, sent: number) {
    this.samples.push({ at, sent });
    while (this.samples.length > 2 && at - this.samples[0]!.at > SPAN_MS) this.samples.shift();
  }

  perSecond(): number {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (!first || !last || last.at === first.at) return 0;
    return Math.max(0, ((last.sent - first.sent) / (last.at - first.at)) * 1000);
  }

  secondsLeft(rest: number): number | null {
    const speed = this.perSecond();
    return speed > 0 ? rest / speed : null;
  }
}
