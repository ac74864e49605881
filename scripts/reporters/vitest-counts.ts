import type { Reporter, TestModule } from "vitest/node";
import { reportCounts } from "./counts.ts";

/** Counts tests; a file that could not be loaded counts as one failed test. */
export default class VitestCounts implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const states = modules.flatMap((module) => {
      const tests = [...module.children.allTests()].map((test) => test.result().state);
      const broken = module.state() === "failed" && !tests.includes("failed");
      return broken ? [...tests, "failed"] : tests;
    });
    reportCounts({
      passed: states.filter((state) => state === "passed").length,
      failed: states.filter((state) => state === "failed").length + unhandledErrors.length,
    });
  }
}
