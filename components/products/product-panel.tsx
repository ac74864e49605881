import { ArrowLeftRight } from "lucide-react";
import Link from "next/link";
import { countText } from "#components/format/quantity.ts";
import type { FormAction } from "#components/ui/form-action.ts";
import { Identifier } from "#components/ui/identifier.tsx";
import type { MeteredProduct } from "#lib/metering/closing/product-views.ts";
import { type CapAnswer, CapForm } from "./cap-form.tsx";
import { CUT_OVER_ROOM } from "./cut-over-words.ts";
import { isShadowed, MODE_WORDS, modeSentence } from "./mode-words.ts";
import { type PauseAnswer, ProductHand } from "./product-hand.tsx";

/** One product: how it is told to AWS, the hands on that, and how much an hour of it may hold. */
export function ProductPanel({
  product,
  now,
  switchProduct,
  saveCap,
}: {
  product: MeteredProduct;
  now: string;
  switchProduct: FormAction<PauseAnswer>;
  saveCap: FormAction<CapAnswer>;
}) {
  const { productCode, name, mode, dimensions, legacyBuyers } = product;
  const turn = isShadowed(product) ? "off" : "on";
  return (
    <section className="panel product" id={productCode} aria-labelledby={`name-${productCode}`}>
      <div className="panel-head">
        <h2 id={`name-${productCode}`}>{name ?? "Not named yet"}</h2>
        <span className="tag">{MODE_WORDS[mode]}</span>
        <span className="more">
          <Identifier id={productCode} what="product code" />
        </span>
      </div>
      <div className="p-mode">
        <p>{modeSentence(product, now)}</p>
        <ProductHand
          key={mode}
          productCode={productCode}
          name={name ?? productCode}
          pausedSince={product.paused?.since ?? null}
          switchProduct={switchProduct}
        >
          <Link
            className="btn btn-quiet"
            href={`/admin/products?product=${encodeURIComponent(productCode)}&shadow=${turn}`}
          >
            <ArrowLeftRight className="i" />
            {turn === "on" ? "Another program meters it…" : "This portal meters it…"}
            <span className="sr">: {name ?? productCode}</span>
          </Link>
        </ProductHand>
      </div>
      {dimensions.length > 0 && <Dimensions {...{ product, saveCap }} />}
      {legacyBuyers > 0 && (
        <p className="panel-empty p-legacy">
          {countText(legacyBuyers, "buyer is", "buyers are")} still told in legacy style.{" "}
          <Link href={CUT_OVER_ROOM}>
            Make the cut-over
            <span className="sr"> of {name ?? productCode}</span>
          </Link>
        </p>
      )}
    </section>
  );
}

function Dimensions({ product, saveCap }: { product: MeteredProduct; saveCap: FormAction<CapAnswer> }) {
  const { productCode, dimensions } = product;
  return (
    <table className="table caps">
      <thead>
        <tr>
          <th>Dimension</th>
          <th className="c-n">Name and unit</th>
          <th>Most whole units of an hour</th>
        </tr>
      </thead>
      <tbody>
        {dimensions.map(({ key, name, unit, isMetered, cap }) => (
          <tr key={key}>
            <td className="mono">{key}</td>
            <td className="c-n muted">
              {name}, {unit}
            </td>
            <td>
              {isMetered ? (
                <CapForm key={cap} productCode={productCode} dimension={key} cap={cap} saveCap={saveCap} />
              ) : (
                <span className="faint">only entitled: never metered</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
