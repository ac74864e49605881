// `node sandbox/rules/write-document.ts`: writes docs/sandbox-rules.md anew.
import { writeFileSync } from "node:fs";
import { DOCUMENT, rulesDocument } from "./document.ts";

writeFileSync(DOCUMENT, rulesDocument());
console.log(`Wrote ${DOCUMENT}`);
