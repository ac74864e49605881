"use client";

import { DatabaseBackup, Play } from "lucide-react";
import { useActionState } from "react";
import { momentText } from "#components/format/moment.ts";
import type { SendingAnswer } from "#components/overview/sending-hand.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { FormAction } from "#components/ui/form-action.ts";
import { Problem } from "#components/ui/problem.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import type { RestoreView } from "#lib/metering/submission/restore-views.ts";

const IMPORT = "npm run portal -- cloudtrail <file>";

/** After a restore, on every admin page: what happened, what to do about it, and the button that ends it. */
export function RestoreNotice({
  restore,
  now,
  resume,
}: {
  restore: RestoreView;
  now: string;
  resume: FormAction<SendingAnswer>;
}) {
  const [answer, action] = useActionState(resume, { reason: "", error: null, words: null });
  return (
    <section className="restored is-danger" aria-labelledby="restored">
      <DatabaseBackup className="i" />
      <div>
        <h2 id="restored">The database was restored or promoted: nothing is sent to AWS</h2>
        <p>
          {restore.words} Paused since {momentText(restore.since, now)}.
        </p>
        <ol>
          <li>
            Read CloudTrail’s file of those hours: <code>{IMPORT}</code>
            <CopyButton text={IMPORT} what="command" />
          </li>
          <li>
            Let your products send again, with the same ids, what they sent since. No hour closes before you
            resume, so all of it is counted where it was.
          </li>
          <li>
            What AWS said of licenses since is forgotten too: let buyers who came since press Set up your
            account again, and say what its events said with <code>npm run portal -- license granted</code> or{" "}
            <code>license ended</code>.
          </li>
          <li>
            Then let the calls to AWS go on. If records are to be confirmed afterwards, read the same file
            once more: it settles hours that were not sealed yet.
            <form action={action}>
              <input type="hidden" name="to" value="on" />
              <input type="hidden" name="since" value={restore.since} />
              {answer.error !== null && <Problem>{answer.error}</Problem>}
              <SubmitButton look="btn-second" pending="Resuming…">
                <Play className="i" />
                Resume after the restore
              </SubmitButton>
            </form>
          </li>
        </ol>
      </div>
    </section>
  );
}
