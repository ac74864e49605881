import { alike, quantityText, sharePercent } from "#components/format/quantity.ts";

type TagSet = { tags: Record<string, string> | null; quantity: string };

/** Quantities by tag set, each with its share of the whole. */
export function TagSetTable({
  head: [name, figure],
  rows,
  others,
  quantity,
}: {
  head: [string, string];
  rows: TagSet[];
  /** What the tag sets that have no row of their own hold together. */
  others?: { name: string; quantity: string } | undefined;
  /** The whole. */
  quantity: string;
}) {
  const lines = rows.map((row) => ({ name: tagText(row), quantity: row.quantity }));
  if (others) lines.push(others);
  const figures = alike(...lines.map((line) => line.quantity));
  return (
    <table className="table tree">
      <thead>
        <tr>
          <th>{name}</th>
          <th className="num">{figure}</th>
          <th className="share">Share</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, at) => (
          <tr key={line.name}>
            <td className="trunc" title={line.name}>
              {line.name}
            </td>
            <td className="num">{quantityText(figures[at] ?? line.quantity)}</td>
            <td className="share">
              <i style={{ "--w": `${sharePercent(line.quantity, quantity)}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function tagText({ tags }: TagSet): string {
  if (tags === null) return "No tags";
  return Object.entries(tags)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");
}
