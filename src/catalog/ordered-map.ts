/** A balanced search tree (AVL): every update copies the path to the root, the rest is shared between versions. */
interface Branch<V> {
  readonly key: string;
  readonly value: V;
  readonly left: Branch<V> | undefined;
  readonly right: Branch<V> | undefined;
  readonly height: number;
  readonly size: number;
}

type Tree<V> = Branch<V> | undefined;

/** Of one key: undefined where it wasn't, or isn't any more. */
export interface Difference<V> {
  readonly key: string;
  readonly before: V | undefined;
  readonly after: V | undefined;
}

/**
 * An immutable map from strings to values, iterated in the order of its keys (UTF-16 code units). `get`, `set` and `delete`
 * cost O(log n); versions share structure, so that a snapshot costs nothing to keep. An update that changes nothing
 * returns the map itself.
 */
export class OrderedMap<V> {
  readonly #root: Tree<V>;

  private constructor(root: Tree<V>) {
    this.#root = root;
  }

  static empty<V>(): OrderedMap<V> {
    return new OrderedMap<V>(undefined);
  }

  /** Later entries win over earlier ones of the same key. */
  static from<V>(entries: Iterable<readonly [string, V]>): OrderedMap<V> {
    let map = OrderedMap.empty<V>();
    for (const [key, value] of entries) map = map.set(key, value);
    return map;
  }

  get size(): number {
    return this.#root?.size ?? 0;
  }

  get(key: string): V | undefined {
    return find(this.#root, key)?.value;
  }

  has(key: string): boolean {
    return find(this.#root, key) !== undefined;
  }

  set(key: string, value: V): OrderedMap<V> {
    const found = find(this.#root, key);
    if (found && Object.is(found.value, value)) return this;
    return new OrderedMap(insert(this.#root, key, value));
  }

  delete(key: string): OrderedMap<V> {
    return this.has(key) ? new OrderedMap(remove(this.#root, key)) : this;
  }

  *entries(): IterableIterator<readonly [string, V]> {
    yield* walk(this.#root);
  }

  *keys(): IterableIterator<string> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  /** The entries whose keys start with `prefix`, in order; visits only those. */
  *withPrefix(prefix: string): IterableIterator<readonly [string, V]> {
    for (const entry of walkFrom(this.#root, prefix)) {
      if (!entry[0].startsWith(prefix)) return;
      yield entry;
    }
  }

  /** Their values, in order. Cheaper than iterating: most queries look at a handful of rows. */
  valuesWithPrefix(prefix: string): V[] {
    const found: V[] = [];
    collect(this.#root, prefix, found);
    return found;
  }

  /**
   * What differs from an earlier version, by key, in order. What both share is not looked at: between a version and the one after
   * one update this costs O(log n).
   */
  changesSince(before: OrderedMap<V>): Difference<V>[] {
    return differences(before.#root, this.#root);
  }

  [Symbol.iterator](): IterableIterator<readonly [string, V]> {
    return this.entries();
  }
}

function find<V>(root: Tree<V>, key: string): Tree<V> {
  let at = root;
  while (at && at.key !== key) at = key < at.key ? at.left : at.right;
  return at;
}

function* walk<V>(at: Tree<V>): IterableIterator<readonly [string, V]> {
  const above: Branch<V>[] = [];
  for (let next = at; next || above.length > 0; ) {
    for (; next; next = next.left) above.push(next);
    const branch = above.pop()!;
    yield [branch.key, branch.value];
    next = branch.right;
  }
}

/** In order, from the first key that is not below `start`. */
function* walkFrom<V>(root: Tree<V>, start: string): IterableIterator<readonly [string, V]> {
  const above: Branch<V>[] = [];
  for (let at = root; at; ) {
    if (at.key >= start) {
      above.push(at);
      at = at.left;
    } else at = at.right;
  }
  for (let branch = above.pop(); branch; branch = above.pop()) {
    yield [branch.key, branch.value];
    for (let next = branch.right; next; next = next.left) above.push(next);
  }
}

function collect<V>(at: Tree<V>, prefix: string, found: V[]): void {
  if (!at) return;
  const isBefore = at.key < prefix;
  if (!isBefore) collect(at.left, prefix, found);
  const isBelow = at.key.startsWith(prefix);
  if (isBelow) found.push(at.value);
  if (isBefore || isBelow) collect(at.right, prefix, found);
}

function insert<V>(at: Tree<V>, key: string, value: V): Branch<V> {
  if (!at) return branch(key, value, undefined, undefined);
  if (key === at.key) return branch(key, value, at.left, at.right);
  if (key < at.key) return balance(at.key, at.value, insert(at.left, key, value), at.right);
  return balance(at.key, at.value, at.left, insert(at.right, key, value));
}

function remove<V>(at: Tree<V>, key: string): Tree<V> {
  if (!at) return undefined;
  if (key < at.key) return balance(at.key, at.value, remove(at.left, key), at.right);
  if (key > at.key) return balance(at.key, at.value, at.left, remove(at.right, key));
  if (!at.left) return at.right;
  if (!at.right) return at.left;
  const next = first(at.right);
  return balance(next.key, next.value, at.left, remove(at.right, next.key));
}

function first<V>(at: Branch<V>): Branch<V> {
  let found = at;
  while (found.left) found = found.left;
  return found;
}

const height = (at: Tree<unknown>): number => at?.height ?? 0;
const size = (at: Tree<unknown>): number => at?.size ?? 0;

function branch<V>(key: string, value: V, left: Tree<V>, right: Tree<V>): Branch<V> {
  return { key, value, left, right, height: 1 + Math.max(height(left), height(right)), size: 1 + size(left) + size(right) };
}

/** A branch of two balanced trees whose heights differ by at most two. */
function balance<V>(key: string, value: V, left: Tree<V>, right: Tree<V>): Branch<V> {
  if (left && height(left) > height(right) + 1) {
    if (height(left.left) >= height(left.right)) {
      return branch(left.key, left.value, left.left, branch(key, value, left.right, right));
    }
    const top = left.right!;
    return branch(top.key, top.value, branch(left.key, left.value, left.left, top.left), branch(key, value, top.right, right));
  }
  if (right && height(right) > height(left) + 1) {
    if (height(right.right) >= height(right.left)) {
      return branch(right.key, right.value, branch(key, value, left, right.left), right.right);
    }
    const top = right.left!;
    return branch(top.key, top.value, branch(key, value, left, top.left), branch(right.key, right.value, top.right, right.right));
  }
  return branch(key, value, left, right);
}

/** What is still to be visited of a tree, the next one last: whole subtrees, and single branches whose left is done. */
type Ahead<V> = { readonly at: Branch<V>; readonly isWhole: boolean }[];

function differences<V>(before: Tree<V>, after: Tree<V>): Difference<V>[] {
  const found: Difference<V>[] = [];
  const [old, present]: [Ahead<V>, Ahead<V>] = [whole(before), whole(after)];
  for (;;) {
    const [was, is] = [old.at(-1), present.at(-1)];
    if (!was && !is) return found;
    if (was?.isWhole && is?.isWhole && was.at === is.at) {
      old.pop();
      present.pop();
    } else if (was?.isWhole && !(is?.isWhole && is.at.height > was.at.height)) open(old);
    else if (is?.isWhole) open(present);
    else {
      const isOld = was !== undefined && (!is || was.at.key <= is.at.key);
      const isPresent = is !== undefined && (!was || is.at.key <= was.at.key);
      const [a, b] = [isOld ? old.pop()!.at : undefined, isPresent ? present.pop()!.at : undefined];
      if (!a || !b || !Object.is(a.value, b.value)) found.push({ key: (a ?? b)!.key, before: a?.value, after: b?.value });
    }
  }
}

const whole = <V>(tree: Tree<V>): Ahead<V> => (tree ? [{ at: tree, isWhole: true }] : []);

/** The subtree that is next becomes its parts. */
function open<V>(ahead: Ahead<V>): void {
  const { at } = ahead.pop()!;
  ahead.push(...whole(at.right), { at, isWhole: false }, ...whole(at.left));
}
