import { type Asset, createdAt } from "./asset.js";

/** The orders to choose from; `listed` is the server's own. */
export const ORDERS = {
  listed: "Default order",
  name: "Name",
  newest: "Newest first",
  oldest: "Oldest first",
  largest: "Largest first",
  smallest: "Smallest first",
} as const;

export type Order = keyof typeof ORDERS;

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

const COMPARE: Record<Order, (a: Asset, b: Asset) => number> = {
  listed: () => 0,
  name: (a, b) => byName.compare(a.name, b.name),
  newest: (a, b) => createdAt(b) - createdAt(a),
  oldest: (a, b) => createdAt(a) - createdAt(b),
  largest: (a, b) => b.size - a.size,
  smallest: (a, b) => a.size - b.size,
};

export function inOrder(assets: readonly Asset[], order: Order): readonly Asset[] {
  return order === "listed" ? assets : [...assets].sort(COMPARE[order]);
}
