import { ExternalLink } from "lucide-react";

/** The way back in from AWS Marketplace, for everybody whose link or tab is gone. */
export function AwsSteps({ title, marketplace }: { title: string; marketplace: string | null }) {
  return (
    <div className="card">
      <h2>{title}</h2>
      <ol>
        <li>
          <span>1</span>
          <div>
            Open <b>AWS Marketplace</b> and choose <b>Manage subscriptions</b>.
          </div>
        </li>
        <li>
          <span>2</span>
          <div>Choose the product you bought.</div>
        </li>
        <li>
          <span>3</span>
          <div>
            Press <b>Set up your account</b>. It brings you back here.
          </div>
        </li>
      </ol>
      <div className="go">
        {marketplace && (
          <a className="btn btn-primary btn-lg" href={marketplace}>
            Open Manage subscriptions
            <ExternalLink className="i" />
          </a>
        )}
        <a className="btn btn-second btn-lg" href="/sign-in">
          I have an account: sign in
        </a>
      </div>
    </div>
  );
}
