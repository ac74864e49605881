"use client";

/** What to do when a page failed for a reason nobody foresaw. */
export function ErrorWords({ reference, again }: { reference: string | undefined; again: () => void }) {
  return (
    <>
      <p className="hint">
        Something on our side failed while reading it. What was already sent or saved is untouched. Try again;
        if it stays, look into the portal’s log
        {reference ? (
          <>
            {" "}
            for <code>{reference}</code>
          </>
        ) : null}
        .
      </p>
      <div className="go">
        <button className="btn btn-primary btn-lg" type="button" onClick={again}>
          Try again
        </button>
      </div>
    </>
  );
}
