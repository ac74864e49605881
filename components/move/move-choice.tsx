import Link from "next/link";
import { Problem } from "#components/ui/problem.tsx";
import type { MoveChoices } from "#lib/metering/submission/move-views.ts";
import { licenseChoice, MOVED, type MovedKind } from "./move-words.ts";

/** The first half of moving units: where to. Answers in the address, so that the second half can be sent to a colleague. */
export function MoveChoice({
  kind,
  title,
  choices,
  chosen,
  problem,
  back,
}: {
  kind: MovedKind;
  title: string;
  choices: MoveChoices;
  /** What stands in the lists to begin with. */
  chosen: { licenseId: string; dimension: string };
  /** Why what was chosen before cannot be. */
  problem: string | null;
  /** The page without this step. */
  back: string;
}) {
  return (
    <section className="panel step" aria-labelledby="move">
      <form action={back}>
        <h2 id="move">{title}</h2>
        <p className="effect">{MOVED[kind].leave}</p>
        {problem && <Problem>{problem}</Problem>}
        <input type="hidden" name="move" value="1" />
        <div className="field">
          <label htmlFor="move-license">License</label>
          <select className="input" id="move-license" name="license" defaultValue={chosen.licenseId}>
            {choices.licenses.map((license) => (
              <option key={license.licenseId} value={license.licenseId}>
                {licenseChoice(license)}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor="move-dimension">Dimension</label>
          <select className="input" id="move-dimension" name="dimension" defaultValue={chosen.dimension}>
            {choices.dimensions.map(({ key, name }) => (
              <option key={key} value={key}>
                {key}: {name}
              </option>
            ))}
          </select>
        </div>
        <div className="step-acts">
          <Link className="btn btn-second" href={back}>
            Cancel
          </Link>
          <button className="btn btn-primary" type="submit">
            Show what will happen
          </button>
        </div>
      </form>
    </section>
  );
}
