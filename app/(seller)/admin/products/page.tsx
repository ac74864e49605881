import type { Metadata } from "next";
import { z } from "zod";
import {
  SHADOW_TURNS,
  type ShadowReach,
  shadowDoor,
  shadowProblem,
  shadowWords,
} from "#components/products/mode-words.ts";
import { ProductPanel } from "#components/products/product-panel.tsx";
import { ShadowStep } from "#components/products/shadow-step.tsx";
import { TopBar } from "#components/seller/top-bar.tsx";
import { businessNow } from "#lib/database/clock.ts";
import { endShadow, startShadow } from "#lib/metering/closing/change-mode.ts";
import { listMeteredProducts } from "#lib/metering/closing/product-views.ts";
import { requireAdmin } from "../../../signed-in.ts";
import { changeShadow, saveCap, switchProduct } from "./actions.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Products" };

const Address = z.object({ product: z.string().min(1).max(255), shadow: z.enum(SHADOW_TURNS) });
type Asked = z.infer<typeof Address>;

export default async function ProductsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { email: actor } = await requireAdmin();
  const asked = Address.safeParse(await searchParams).data;
  const at = await businessNow();
  const [products, reach] = await Promise.all([
    listMeteredProducts(),
    asked ? reachOf(asked, { actor, now: at }) : null,
  ]);
  const now = at.toISOString();
  const name = products.find(({ productCode }) => productCode === asked?.product)?.name;
  return (
    <>
      <TopBar crumbs={[{ name: "Portal" }, { name: "Products" }]} />
      <main className="page" id="main" tabIndex={-1}>
        <div className="title">
          <h1>Products</h1>
        </div>
        {asked && reach && (
          <ShadowStep
            key={`${asked.product} ${asked.shadow}`}
            productCode={asked.product}
            turn={asked.shadow}
            reach={reach}
            words={shadowWords(asked.shadow, name ?? asked.product, reach, now)}
            change={changeShadow}
          />
        )}
        {products.length === 0 ? (
          <section className="panel records-none" aria-label="Products">
            <p>
              No product is known yet. One appears when your catalog is sent with PUT /api/v1/products, or
              when somebody subscribes to it.
            </p>
          </section>
        ) : (
          <p className="hint cap-words">
            An hour that holds more than its cap waits for a person before it is sent. Without a cap of its
            own, a dimension takes twenty times the largest hour of seven days, and never less than 1,000
            units.
          </p>
        )}
        {products.map((product) => (
          <ProductPanel
            key={product.productCode}
            product={product}
            now={now}
            switchProduct={switchProduct}
            saveCap={saveCap}
          />
        ))}
      </main>
    </>
  );
}

/** What the change would do now: asked of the verb itself, by a preview that changes nothing. */
async function reachOf({ product, shadow }: Asked, by: { actor: string; now: Date }): Promise<ShadowReach> {
  const request = { productCode: product, ...by, preview: true };
  const changed = await (shadow === "on" ? startShadow(request) : endShadow(request));
  if (!changed.ok) return { problem: shadowProblem(changed.reason), door: shadowDoor(changed.reason) };
  return { from: changed.value.from.toISOString(), carried: changed.value.carried };
}
