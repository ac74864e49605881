/**
 * The causes that a row with a dimension and a license may be set aside for, as SQL: each a kind and a name, as blame.ts
 * gives them to a cohort.
 */
export function causesOf(row: string): string {
  return `('dimension', ${row}.dimension), ('license', ${row}.license_id::text),
    ('series', ${row}.dimension || ' of license ' || ${row}.license_id)`;
}
