import { readdirSync } from "node:fs";
import path from "node:path";

// npm run bench [-- name] [--full]: the published benchmarks, each figure beside its limit in the same run, one JSON line each.
const NOT_A_BENCH = /^main\.ts$|-server\.ts$/;
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && !NOT_A_BENCH.test(file))
  .map((file) => path.basename(file, ".ts"));
const wished = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const unknown = wished.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(", ")}; there are ${names.join(", ")}\n`);
  process.exit(1);
}
for (const name of wished.length > 0 ? wished : names) await import(`./${name}.ts`);
