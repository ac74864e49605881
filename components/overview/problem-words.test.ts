import { expect, test } from "vitest";
import type { ProblemView } from "#lib/metering/shapes.ts";
import { problemWords } from "./problem-words.ts";

const NOW = "2026-11-21T14:32:00.000Z";
const problem = (wishes: Partial<ProblemView>): ProblemView => ({
  state: "rejected",
  code: "InvalidUsageDimensionException",
  dimension: "api_calls",
  productName: "Halyard Vector Search",
  records: 135,
  licenses: 6,
  licenseId: "0197a000-0000-7000-8000-000000000001",
  aim: "2026-11-21T16:00:00.000Z",
  ...wishes,
});

test("a refused dimension is named, with its buyers, its first deadline and whose turn it is", () => {
  const { title, detail, href } = problemWords(problem({}), NOW);
  expect(title).toBe("AWS refuses the dimension api_calls");
  expect(detail).toBe(
    "Halyard Vector Search, 6 buyers. First due 16:00 UTC. Put it back in the AWS listing; sending goes on by itself.",
  );
  expect(href).toBe("/admin/metering/records?state=rejected&dimension=api_calls");
});

test("the only buyer of a problem is in its address", () => {
  expect(problemWords(problem({ licenses: 1 }), NOW).href).toContain("licenseId=0197a000");
});

test("what is on hold is decided; a code that nobody knows is shown as it is", () => {
  expect(problemWords(problem({ state: "held", code: null }), NOW)).toMatchObject({
    title: "api_calls is on hold",
    button: "Decide",
  });
  expect(problemWords(problem({ code: "BrandNewException" }), NOW).title).toBe(
    "AWS refuses api_calls: BrandNewException",
  );
});
