/** A channel's posts as the rows one sees: day lines, the "new messages" line, and posts with or without a face. */
import { dayKey } from "../lib/time";
import type { PostId } from "../lib/ids";
import { isFromWebhook, isSystem } from "./post_rules";
import type { State } from "./state";

export type Row =
    | { readonly kind: "day"; readonly key: string; readonly at: number }
    | { readonly kind: "new"; readonly key: string }
    | { readonly kind: "post"; readonly key: PostId; readonly isCompact: boolean };

/** Within this time posts of one person stand together. */
const TOGETHER_MS = 5 * 60_000;

/** `newSince` 0 means nothing is new. The line stands above the first later post by somebody else. */
export function rowsOf(state: Pick<State, "posts" | "me">, ids: readonly PostId[], newSince: number): Row[] {
    const rows: Row[] = [];
    let last: State["posts"][PostId];
    let lineDrawn = newSince === 0;
    for (const id of ids) {
        const post = state.posts[id];
        if (!post || post.delete_at > 0) continue;
        let isCompact = last !== undefined && isTogether(last, post);
        if (!last || dayKey(last.create_at) !== dayKey(post.create_at)) {
            rows.push({ kind: "day", key: `day-${dayKey(post.create_at)}`, at: post.create_at });
            isCompact = false;
        }
        if (!lineDrawn && post.create_at > newSince && post.user_id !== state.me) {
            rows.push({ kind: "new", key: "new-line" });
            lineDrawn = true;
            isCompact = false;
        }
        rows.push({ kind: "post", key: id, isCompact });
        last = post;
    }
    return rows;
}

type Known = NonNullable<State["posts"][PostId]>;

function isTogether(last: Known, post: Known): boolean {
    return last.user_id === post.user_id && post.create_at - last.create_at < TOGETHER_MS && !isSystem(last) && !isSystem(post)
        && isFromWebhook(last) === isFromWebhook(post) && last.props?.["override_username"] === post.props?.["override_username"] && !post.is_pinned;
}
