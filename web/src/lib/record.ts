/** Small helpers for immutable records. Each returns a new record, or the same one when nothing changes. */
export type Rec<K extends string, V> = { readonly [key in K]?: V };

export function withEntry<K extends string, V>(record: Rec<K, V>, key: K, value: V): Rec<K, V> {
    return record[key] === value ? record : { ...record, [key]: value };
}

export function withEntries<K extends string, V>(record: Rec<K, V>, values: Iterable<V>, keyOf: (value: V) => K): Rec<K, V> {
    const next: { [key in K]?: V } = { ...record };
    let changed = false;
    for (const value of values) {
        next[keyOf(value)] = value;
        changed = true;
    }
    return changed ? next : record;
}

export function without<K extends string, V>(record: Rec<K, V>, key: K): Rec<K, V> {
    if (!(key in record)) return record;
    const next: { [key in K]?: V } = { ...record };
    delete next[key];
    return next;
}

export function mapEntry<K extends string, V>(record: Rec<K, V>, key: K, change: (value: V) => V): Rec<K, V> {
    const value = record[key];
    return value === undefined ? record : withEntry(record, key, change(value as V));
}

export function valuesOf<V>(record: Rec<string, V>): V[] {
    return Object.values(record) as V[];
}

/** The compiler's proof that a switch names every kind; at run time an unknown kind changes nothing. */
export function unreachable<T>(value: never, fallback: T): T {
    void value;
    return fallback;
}
