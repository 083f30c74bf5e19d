-- The core tables. Times are Unix milliseconds, flags 0 or 1, lists and maps JSON text; nothing is NULL.
-- Statements are separated by lines that hold only "--;".
CREATE TABLE settings (
    name VARCHAR(64) COLLATE "C" PRIMARY KEY, value TEXT NOT NULL, version BIGINT NOT NULL, update_at BIGINT NOT NULL
);
--;
CREATE TABLE users (
    id VARCHAR(26) COLLATE "C" PRIMARY KEY, create_at BIGINT NOT NULL, update_at BIGINT NOT NULL, delete_at BIGINT NOT NULL,
    username VARCHAR(64) COLLATE "C" NOT NULL, password_hash TEXT NOT NULL, auth_data VARCHAR(128) COLLATE "C" NOT NULL,
    auth_service VARCHAR(32) COLLATE "C" NOT NULL, email VARCHAR(128) COLLATE "C" NOT NULL, email_verified SMALLINT NOT NULL,
    nickname TEXT NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL, position TEXT NOT NULL,
    roles TEXT NOT NULL, props TEXT NOT NULL, notify_props TEXT NOT NULL, last_password_update BIGINT NOT NULL,
    last_picture_update BIGINT NOT NULL, failed_attempts BIGINT NOT NULL, locale VARCHAR(16) COLLATE "C" NOT NULL,
    timezone TEXT NOT NULL, mfa_active SMALLINT NOT NULL, mfa_secret TEXT NOT NULL, is_bot SMALLINT NOT NULL,
    bot_description TEXT NOT NULL, picture_path TEXT NOT NULL, search_text TEXT NOT NULL, last_login BIGINT NOT NULL
);
--;
CREATE UNIQUE INDEX users_username ON users (username);
--;
CREATE UNIQUE INDEX users_email ON users (email);
--;
CREATE TABLE sessions (
    id VARCHAR(26) COLLATE "C" PRIMARY KEY, token_hash VARCHAR(64) COLLATE "C" NOT NULL, create_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL, last_activity_at BIGINT NOT NULL, user_id VARCHAR(26) COLLATE "C" NOT NULL,
    device_id TEXT NOT NULL, roles TEXT NOT NULL, is_oauth SMALLINT NOT NULL, expired_notify SMALLINT NOT NULL,
    props TEXT NOT NULL
);
--;
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
--;
CREATE INDEX sessions_user ON sessions (user_id, create_at);
--;
CREATE INDEX sessions_expiry ON sessions (expires_at);
--;
CREATE TABLE statuses (
    user_id VARCHAR(26) COLLATE "C" PRIMARY KEY, status VARCHAR(16) COLLATE "C" NOT NULL, manual SMALLINT NOT NULL,
    last_activity_at BIGINT NOT NULL, dnd_end_time BIGINT NOT NULL, prev_status VARCHAR(16) COLLATE "C" NOT NULL
);
--;
CREATE TABLE preferences (
    user_id VARCHAR(26) COLLATE "C" NOT NULL, category VARCHAR(32) COLLATE "C" NOT NULL, name VARCHAR(64) COLLATE "C" NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (user_id, category, name)
);
--;
CREATE TABLE tokens (
    token_hash VARCHAR(64) COLLATE "C" PRIMARY KEY, create_at BIGINT NOT NULL, type VARCHAR(32) COLLATE "C" NOT NULL, extra TEXT NOT NULL
);
--;
CREATE TABLE roles (
    id VARCHAR(26) COLLATE "C" PRIMARY KEY, name VARCHAR(64) COLLATE "C" NOT NULL, display_name TEXT NOT NULL, description TEXT NOT NULL,
    create_at BIGINT NOT NULL, update_at BIGINT NOT NULL, delete_at BIGINT NOT NULL, permissions TEXT NOT NULL,
    scheme_managed SMALLINT NOT NULL, built_in SMALLINT NOT NULL
);
--;
CREATE UNIQUE INDEX roles_name ON roles (name);
--;
CREATE TABLE teams (
    id VARCHAR(26) COLLATE "C" PRIMARY KEY, create_at BIGINT NOT NULL, update_at BIGINT NOT NULL, delete_at BIGINT NOT NULL,
    display_name TEXT NOT NULL, name VARCHAR(64) COLLATE "C" NOT NULL, description TEXT NOT NULL, email TEXT NOT NULL,
    type VARCHAR(32) COLLATE "C" NOT NULL, company_name TEXT NOT NULL, allowed_domains TEXT NOT NULL,
    invite_id VARCHAR(32) COLLATE "C" NOT NULL, allow_open_invite SMALLINT NOT NULL, last_team_icon_update BIGINT NOT NULL
);
--;
CREATE UNIQUE INDEX teams_name ON teams (name);
--;
CREATE UNIQUE INDEX teams_invite ON teams (invite_id);
--;
CREATE TABLE team_members (
    team_id VARCHAR(26) COLLATE "C" NOT NULL, user_id VARCHAR(26) COLLATE "C" NOT NULL, create_at BIGINT NOT NULL, delete_at BIGINT NOT NULL,
    scheme_guest SMALLINT NOT NULL, scheme_user SMALLINT NOT NULL, scheme_admin SMALLINT NOT NULL,
    explicit_roles TEXT NOT NULL, PRIMARY KEY (team_id, user_id)
);
--;
CREATE INDEX team_members_user ON team_members (user_id, team_id);
--;
CREATE TABLE channels (
    id VARCHAR(26) COLLATE "C" PRIMARY KEY, create_at BIGINT NOT NULL, update_at BIGINT NOT NULL, delete_at BIGINT NOT NULL,
    team_id VARCHAR(26) COLLATE "C" NOT NULL, type VARCHAR(32) COLLATE "C" NOT NULL, display_name TEXT NOT NULL, name VARCHAR(64) COLLATE "C" NOT NULL,
    header TEXT NOT NULL, purpose TEXT NOT NULL, last_post_at BIGINT NOT NULL, total_msg_count BIGINT NOT NULL,
    creator_id VARCHAR(26) COLLATE "C" NOT NULL, total_msg_count_root BIGINT NOT NULL, last_root_post_at BIGINT NOT NULL,
    version BIGINT NOT NULL, last_time BIGINT NOT NULL, search_text TEXT NOT NULL
);
--;
CREATE UNIQUE INDEX channels_name ON channels (team_id, name);
--;
CREATE TABLE channel_members (
    channel_id VARCHAR(26) COLLATE "C" NOT NULL, user_id VARCHAR(26) COLLATE "C" NOT NULL, last_viewed_at BIGINT NOT NULL,
    msg_count BIGINT NOT NULL, mention_count BIGINT NOT NULL, mention_count_root BIGINT NOT NULL,
    urgent_mention_count BIGINT NOT NULL, msg_count_root BIGINT NOT NULL, notify_props TEXT NOT NULL,
    last_update_at BIGINT NOT NULL, scheme_guest SMALLINT NOT NULL, scheme_user SMALLINT NOT NULL,
    scheme_admin SMALLINT NOT NULL, explicit_roles TEXT NOT NULL, PRIMARY KEY (channel_id, user_id)
);
--;
CREATE INDEX channel_members_user ON channel_members (user_id, channel_id);
--;
-- Who joined when, and left (0: still there): for audits and exports.
CREATE TABLE channel_member_history (
    channel_id VARCHAR(26) COLLATE "C" NOT NULL, user_id VARCHAR(26) COLLATE "C" NOT NULL, join_at BIGINT NOT NULL, leave_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, user_id, join_at)
);
--;
CREATE TABLE posts (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id VARCHAR(26) COLLATE "C" NOT NULL, create_at BIGINT NOT NULL,
    update_at BIGINT NOT NULL, edit_at BIGINT NOT NULL, delete_at BIGINT NOT NULL, is_pinned SMALLINT NOT NULL,
    user_id VARCHAR(26) COLLATE "C" NOT NULL, channel_id VARCHAR(26) COLLATE "C" NOT NULL, root_id VARCHAR(26) COLLATE "C" NOT NULL,
    original_id VARCHAR(26) COLLATE "C" NOT NULL, message TEXT NOT NULL, type VARCHAR(32) COLLATE "C" NOT NULL, props TEXT NOT NULL,
    hashtags TEXT NOT NULL, file_ids TEXT NOT NULL, pending_post_id VARCHAR(64) COLLATE "C" NOT NULL,
    has_reactions SMALLINT NOT NULL, delete_by VARCHAR(26) COLLATE "C" NOT NULL
);
--;
CREATE UNIQUE INDEX posts_id ON posts (id);
--;
-- The one order of a channel: no two posts of a channel share a create_at.
CREATE UNIQUE INDEX posts_channel ON posts (channel_id, create_at);
--;
CREATE INDEX posts_channel_update ON posts (channel_id, update_at);
--;
CREATE INDEX posts_root ON posts (root_id, create_at);
--;
CREATE INDEX posts_pinned ON posts (channel_id, is_pinned);
--;
-- Former versions of edited posts: original_id names the post, the newest has the largest edit_at.
CREATE TABLE post_versions (
    id VARCHAR(26) COLLATE "C" PRIMARY KEY, create_at BIGINT NOT NULL, update_at BIGINT NOT NULL, edit_at BIGINT NOT NULL,
    delete_at BIGINT NOT NULL, is_pinned SMALLINT NOT NULL, user_id VARCHAR(26) COLLATE "C" NOT NULL,
    channel_id VARCHAR(26) COLLATE "C" NOT NULL, root_id VARCHAR(26) COLLATE "C" NOT NULL, original_id VARCHAR(26) COLLATE "C" NOT NULL,
    message TEXT NOT NULL, type VARCHAR(32) COLLATE "C" NOT NULL, props TEXT NOT NULL, hashtags TEXT NOT NULL,
    file_ids TEXT NOT NULL, pending_post_id VARCHAR(64) COLLATE "C" NOT NULL, has_reactions SMALLINT NOT NULL,
    delete_by VARCHAR(26) COLLATE "C" NOT NULL
);
--;
CREATE INDEX post_versions_original ON post_versions (original_id, edit_at);
--;
-- The author's own names for posts, so that a repeated send gives the post that exists. Emptied after a day.
CREATE TABLE pending_posts (
    user_id VARCHAR(26) COLLATE "C" NOT NULL, pending_post_id VARCHAR(64) COLLATE "C" NOT NULL, post_id VARCHAR(26) COLLATE "C" NOT NULL, create_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, pending_post_id)
);
--;
CREATE INDEX pending_posts_age ON pending_posts (create_at);
--;
CREATE TABLE threads (
    post_id VARCHAR(26) COLLATE "C" PRIMARY KEY, channel_id VARCHAR(26) COLLATE "C" NOT NULL, team_id VARCHAR(26) COLLATE "C" NOT NULL,
    reply_count BIGINT NOT NULL, last_reply_at BIGINT NOT NULL, participants TEXT NOT NULL, delete_at BIGINT NOT NULL
);
--;
CREATE INDEX threads_channel ON threads (channel_id, last_reply_at);
--;
CREATE TABLE thread_members (
    post_id VARCHAR(26) COLLATE "C" NOT NULL, user_id VARCHAR(26) COLLATE "C" NOT NULL, following SMALLINT NOT NULL,
    last_viewed BIGINT NOT NULL, last_updated BIGINT NOT NULL, unread_mentions BIGINT NOT NULL,
    PRIMARY KEY (post_id, user_id)
);
--;
CREATE INDEX thread_members_user ON thread_members (user_id, following, post_id);
--;
CREATE TABLE reactions (
    user_id VARCHAR(26) COLLATE "C" NOT NULL, post_id VARCHAR(26) COLLATE "C" NOT NULL, emoji_name VARCHAR(64) COLLATE "C" NOT NULL,
    create_at BIGINT NOT NULL, update_at BIGINT NOT NULL, channel_id VARCHAR(26) COLLATE "C" NOT NULL,
    PRIMARY KEY (post_id, user_id, emoji_name)
);
--;
CREATE TABLE drafts (
    create_at BIGINT NOT NULL, update_at BIGINT NOT NULL, user_id VARCHAR(26) COLLATE "C" NOT NULL,
    channel_id VARCHAR(26) COLLATE "C" NOT NULL, root_id VARCHAR(26) COLLATE "C" NOT NULL, message TEXT NOT NULL, type VARCHAR(32) COLLATE "C" NOT NULL,
    props TEXT NOT NULL, file_ids TEXT NOT NULL, priority TEXT NOT NULL, PRIMARY KEY (user_id, channel_id, root_id)
);
--;
CREATE TABLE file_infos (
    id VARCHAR(26) COLLATE "C" PRIMARY KEY, user_id VARCHAR(26) COLLATE "C" NOT NULL, post_id VARCHAR(26) COLLATE "C" NOT NULL,
    channel_id VARCHAR(26) COLLATE "C" NOT NULL, create_at BIGINT NOT NULL, update_at BIGINT NOT NULL, delete_at BIGINT NOT NULL,
    name TEXT NOT NULL, extension VARCHAR(64) COLLATE "C" NOT NULL, size BIGINT NOT NULL, mime_type TEXT NOT NULL,
    width BIGINT NOT NULL, height BIGINT NOT NULL, has_preview_image SMALLINT NOT NULL, path TEXT NOT NULL,
    thumbnail_path TEXT NOT NULL, preview_path TEXT NOT NULL, mini_preview_text TEXT NOT NULL,
    search_text TEXT NOT NULL
);
--;
CREATE INDEX file_infos_post ON file_infos (post_id);
--;
CREATE INDEX file_infos_channel ON file_infos (channel_id, create_at);
--;
CREATE TABLE upload_sessions (
    id VARCHAR(26) COLLATE "C" PRIMARY KEY, type VARCHAR(32) COLLATE "C" NOT NULL, create_at BIGINT NOT NULL, user_id VARCHAR(26) COLLATE "C" NOT NULL,
    channel_id VARCHAR(26) COLLATE "C" NOT NULL, filename TEXT NOT NULL, file_size BIGINT NOT NULL, file_offset BIGINT NOT NULL,
    path TEXT NOT NULL
);
--;
CREATE INDEX upload_sessions_user ON upload_sessions (user_id, create_at);
--;
CREATE TABLE emojis (
    id VARCHAR(26) COLLATE "C" PRIMARY KEY, create_at BIGINT NOT NULL, update_at BIGINT NOT NULL, delete_at BIGINT NOT NULL,
    creator_id VARCHAR(26) COLLATE "C" NOT NULL, name VARCHAR(64) COLLATE "C" NOT NULL, path TEXT NOT NULL, mime_type TEXT NOT NULL
);
--;
CREATE UNIQUE INDEX emojis_name ON emojis (name, delete_at);
--;
CREATE TABLE sidebar_categories (
    id VARCHAR(128) COLLATE "C" PRIMARY KEY, user_id VARCHAR(26) COLLATE "C" NOT NULL, team_id VARCHAR(26) COLLATE "C" NOT NULL,
    sort_order BIGINT NOT NULL, sorting VARCHAR(16) COLLATE "C" NOT NULL, type VARCHAR(32) COLLATE "C" NOT NULL, display_name TEXT NOT NULL,
    muted SMALLINT NOT NULL, collapsed SMALLINT NOT NULL
);
--;
CREATE INDEX sidebar_categories_user ON sidebar_categories (user_id, team_id);
--;
CREATE TABLE sidebar_channels (
    user_id VARCHAR(26) COLLATE "C" NOT NULL, category_id VARCHAR(128) COLLATE "C" NOT NULL, channel_id VARCHAR(26) COLLATE "C" NOT NULL, sort_order BIGINT NOT NULL,
    PRIMARY KEY (user_id, category_id, channel_id)
);
--;
CREATE TABLE audits (
    id VARCHAR(26) COLLATE "C" PRIMARY KEY, create_at BIGINT NOT NULL, user_id VARCHAR(26) COLLATE "C" NOT NULL, action VARCHAR(64) COLLATE "C" NOT NULL,
    extra_info TEXT NOT NULL, ip_address VARCHAR(64) COLLATE "C" NOT NULL, session_id VARCHAR(26) COLLATE "C" NOT NULL,
    result VARCHAR(128) COLLATE "C" NOT NULL, request_id VARCHAR(26) COLLATE "C" NOT NULL
);
--;
CREATE INDEX audits_user ON audits (user_id, create_at);
--;
CREATE TABLE jobs (
    id VARCHAR(26) COLLATE "C" PRIMARY KEY, type VARCHAR(32) COLLATE "C" NOT NULL, create_at BIGINT NOT NULL, run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL, status VARCHAR(16) COLLATE "C" NOT NULL, locked_until BIGINT NOT NULL, data TEXT NOT NULL,
    last_error TEXT NOT NULL
);
--;
CREATE INDEX jobs_due ON jobs (status, run_at);
--;
-- Full text, filled in the background from the cursor `search_cursor` in settings.
CREATE TABLE post_index (seq BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL);
--;
CREATE INDEX post_index_tokens ON post_index USING gin (tokens);
