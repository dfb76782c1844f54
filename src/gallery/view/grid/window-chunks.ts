export interface ChunkWatcher {
  /** From now on these elements are watched, in this order. */
  watch(elements: readonly Element[]): void;
}

/**
 * Tells which of a list of elements are near what the user sees: those that cross the visible part and their
 * neighbours. Watches the visible part itself and no scrolling: a client may show the whole view and scroll around it.
 */
export function watchChunks(changed: (near: ReadonlySet<number>) => void): ChunkWatcher {
  let watched: readonly Element[] = [];
  const visible = new Set<Element>();

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) visible.add(target);
        else visible.delete(target);
      }
      const near = watched.flatMap((chunk, index) =>
        visible.has(chunk) ? [index - 1, index, index + 1] : [],
      );
      if (near.length > 0) changed(new Set(near));
    },
    { rootMargin: "400px 0px" },
  );

  return {
    watch(elements) {
      const wanted = new Set(elements);
      for (const chunk of watched) {
        if (wanted.has(chunk)) continue;
        observer.unobserve(chunk);
        visible.delete(chunk);
      }
      const known = new Set(watched);
      watched = elements;
      for (const chunk of elements) if (!known.has(chunk)) observer.observe(chunk);
    },
  };
}
