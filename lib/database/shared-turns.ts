/**
 * Does the same work for many callers together: whoever comes while a turn runs travels in the next one. So nobody is
 * answered with what was read before they asked, and many small wishes cost one commit.
 */
export class SharedTurns<Wish, Answer> {
  readonly #of: TurnRules<Wish, Answer>;
  #waiting: Waiting<Wish, Answer>[] = [];
  #weight = 0;
  #running = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(of: TurnRules<Wish, Answer>) {
    this.#of = of;
  }

  ask(wish: Wish): Promise<Answer> {
    return new Promise((answer, fail) => {
      const weight = this.#of.weigh(wish);
      this.#waiting.push({ wish, weight, answer, fail });
      this.#weight += weight;
      this.#start();
    });
  }

  /**
   * One turn always runs. Another starts beside it for enough work, or when somebody has waited long enough: what waits is
   * cheaper together, but nobody is held up by a turn that is stuck.
   */
  #start(isLate = false): void {
    const { atOnce, worthATurn } = this.#of;
    let late = isLate;
    while (
      this.#waiting.length > 0 &&
      (this.#running === 0 || (this.#running < atOnce && (late || this.#weight >= worthATurn)))
    ) {
      late = false;
      this.#running++;
      void this.#run(this.#take()).finally(() => {
        this.#running--;
        this.#start();
      });
    }
    if (this.#waiting.length > 0 && this.#running < atOnce) this.#watch();
  }

  #watch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#start(true);
    }, this.#of.patienceMs);
  }

  /** The first ones that fit into a turn together; one alone always does. */
  #take(): Waiting<Wish, Answer>[] {
    let weight = 0;
    const beyond = this.#waiting.findIndex((one, index) => {
      weight += one.weight;
      return index > 0 && weight > this.#of.most;
    });
    const taken = this.#waiting.splice(0, beyond === -1 ? this.#waiting.length : beyond);
    this.#weight -= taken.reduce((sum, one) => sum + one.weight, 0);
    return taken;
  }

  /** What fails together is done alone, so that nobody fails for somebody else. */
  async #run(taken: Waiting<Wish, Answer>[]): Promise<void> {
    try {
      const answers = await this.#of.work(taken.map((one) => one.wish));
      taken.forEach((one, index) => {
        one.answer(answers[index] as Answer);
      });
    } catch (failure) {
      if (taken.length === 1) taken[0]?.fail(failure);
      else await Promise.all(taken.map((one) => this.#run([one])));
    }
  }
}

export type TurnRules<Wish, Answer> = {
  /** Answers each wish, in order. */
  work: (wishes: Wish[]) => Promise<Answer[]>;
  weigh: (wish: Wish) => number;
  /** The most that travels together. */
  most: number;
  /** Turns at the same time. */
  atOnce: number;
  /** How much must wait before another turn starts beside one that runs. */
  worthATurn: number;
  /** How long something waits at most before another turn starts beside those that run, in milliseconds. */
  patienceMs: number;
};

type Waiting<Wish, Answer> = {
  wish: Wish;
  weight: number;
  answer: (answer: Answer) => void;
  fail: (failure: unknown) => void;
};
