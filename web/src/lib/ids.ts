/** Branded ids: a channel id cannot pass for a post id. Only `api/` and `sync/decode.ts` make them, from what the server sent. */
declare const brand: unique symbol;
export type Id<Noun extends string> = string & { readonly [brand]: Noun };

export type UserId = Id<"user">;
export type TeamId = Id<"team">;
export type ChannelId = Id<"channel">;
export type PostId = Id<"post">;
export type FileId = Id<"file">;
export type CategoryId = Id<"category">;

/** Marks a string from the wire, or one the caller has just checked, as an id. */
export function asId<I extends Id<string>>(text: string): I {
    return text as I;
}
