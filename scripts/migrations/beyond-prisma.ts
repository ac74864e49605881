import type { Catalog } from "./catalog.ts";

/** Reads `prisma/beyond-prisma.txt`: one `<kind> <name>: <reason>` per line, `#` for remarks. Returns name → reason. */
export function parseBeyondPrisma(text: string): Map<string, string> {
  const lines = text.split("\n").map((line) => line.trim());
  return new Map(
    lines
      .filter((line) => line && !line.startsWith("#"))
      .map((line): [string, string] => {
        const colon = line.indexOf(": ");
        return colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 2).trim()];
      }),
  );
}

/**
 * Compares a database built from the migrations with one built from schema.prisma alone and returns every complaint.
 * A difference is allowed only when Prisma cannot express it and the list names it with its reason.
 */
export function compareCatalogs(
  migrated: Catalog,
  fromSchema: Catalog,
  listed: Map<string, string>,
): string[] {
  const complaints: string[] = [];
  for (const name of [...new Set([...migrated.keys(), ...fromSchema.keys()])].sort()) {
    const [made, wanted] = [migrated.get(name), fromSchema.get(name)];
    if (made?.definition === wanted?.definition) continue;
    if (made?.beyondPrisma && listed.has(name)) continue;
    complaints.push(describe(name, made?.definition, wanted?.definition, made?.beyondPrisma === true));
  }
  for (const [name, reason] of listed) {
    const [made, wanted] = [migrated.get(name), fromSchema.get(name)];
    if (!made) complaints.push(`${name}: listed in beyond-prisma.txt, but no migration makes it`);
    else if (made.definition === wanted?.definition)
      complaints.push(`${name}: listed in beyond-prisma.txt, but schema.prisma says the same`);
    else if (!reason)
      complaints.push(`${name}: listed in beyond-prisma.txt without a reason ("${name}: why")`);
  }
  return complaints;
}

function describe(
  name: string,
  made: string | undefined,
  wanted: string | undefined,
  beyond: boolean,
): string {
  if (beyond && !wanted)
    return `${name}: made by a migration, beyond Prisma, and not listed in beyond-prisma.txt`;
  if (!made) return `${name}: in schema.prisma, but no migration makes it`;
  if (!wanted) return `${name}: made by a migration, but not in schema.prisma`;
  return `${name}: the migrations make "${made}", schema.prisma says "${wanted}"`;
}
