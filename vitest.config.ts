import { defineConfig } from "vitest/config";

const everywhere = ["app", "cli", "components", "lib", "sandbox", "scripts", "worker"];
const named = (ending: string) => everywhere.map((folder) => `${folder}/**/*${ending}`);

// `thing.test.ts` beside the code: rules and shapes, no database, milliseconds.
// `thing.int.test.ts`: on a real PostgreSQL (testDatabase() of #scripts/test-database.ts) or with real processes.
export default defineConfig({
  test: {
    environment: "node",
    reporters: ["default", "./scripts/reporters/vitest-counts.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [...named(".test.ts"), ...named(".test.tsx"), "torture/**/*.test.ts"],
          exclude: [...named(".int.test.ts"), "torture/**/*.int.test.ts"],
          // These keep nothing between them, so they share two threads: the inner loop stays short.
          pool: "threads",
          maxWorkers: 2,
          isolate: false,
          // No unit test waits; but a machine may be busy with something else.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: named(".int.test.ts"),
          globalSetup: ["./scripts/vitest-postgres.ts"],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        // Alone: it watches clocks and paces of its own processes, which another test's load would disturb. What it finds
        // has to be found twice: its decisions are the same in every run, its moments are not.
        test: { name: "torture", include: ["torture/**/*.int.test.ts"], retry: 1 },
      },
    ],
  },
});
