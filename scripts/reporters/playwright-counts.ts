import type { Reporter, Suite } from "@playwright/test/reporter";
import { reportCounts } from "./counts.ts";

/** Counts tests. A test that passed only at the second try counts as failed: retries hide flakiness. */
export default class PlaywrightCounts implements Reporter {
  private errors = 0;
  private root: Suite | undefined;

  onBegin(_config: unknown, suite: Suite): void {
    this.root = suite;
  }

  /** Errors outside of any test: the server did not start, a file did not load. */
  onError(): void {
    this.errors++;
  }

  onEnd(): void {
    const outcomes = (this.root?.allTests() ?? []).map((test) => test.outcome());
    reportCounts({
      passed: outcomes.filter((outcome) => outcome === "expected").length,
      failed:
        outcomes.filter((outcome) => outcome === "unexpected" || outcome === "flaky").length + this.errors,
    });
  }

  printsToStdio(): boolean {
    return false;
  }
}
